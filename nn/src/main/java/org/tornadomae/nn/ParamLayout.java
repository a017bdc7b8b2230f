package org.tornadomae.nn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Where every parameter lives in one flat array, in the order in which the layers declare themselves.
///
/// The array has two regions: first all tensors that are decayed, then all that are not, so that the optimizer needs
/// one boundary instead of a flag per element. Within a region the tensors of a stack of blocks repeat with a fixed
/// step.
public final class ParamLayout {
    /// One official tensor: a parameter in one layer.
    public record Entry(String name, Param param, int layer) {
    }

    /// Neighbours in the flat array that the optimizer treats alike.
    ///
    /// @param level   see [Param#level]
    /// @param decayed whether weights decay
    public record Run(int start, int length, int level, boolean decayed) {
        private boolean goesOnWith(Run next) {
            return level == next.level && decayed == next.decayed && start + length == next.start;
        }
    }

    private final List<Param> params = new ArrayList<>();
    private int level;
    private int decayed;
    private int plain;
    private String prefix = "";

    /// Declares a tensor by its official name; inside [#stack] the name within a block.
    public Param declare(String name, Init init, int... shape) {
        boolean decay = shape.length > 1;
        Param param = new Param(prefix, name, shape, init, decay ? decayed : plain, level);
        int size = Sizes.product(shape);
        if (decay) {
            decayed = grow(decayed, size);
        } else {
            plain = grow(plain, size);
        }
        params.add(param);
        return param;
    }

    /// Declares the tensors of one block, repeated for `depth` layers: `prefix.0.name`, `prefix.1.name`, …
    public void stack(String prefix, int depth, Runnable declarations) {
        int first = params.size();
        int decayedStart = decayed;
        int plainStart = plain;
        this.prefix = prefix;
        level++;
        declarations.run();
        level += depth;
        this.prefix = "";
        int decayedStep = decayed - decayedStart;
        int plainStep = plain - plainStart;
        for (Param param : params.subList(first, params.size())) {
            param.stack(depth, param.decayed() ? decayedStep : plainStep);
        }
        decayed = grow(decayedStart, Sizes.product(decayedStep, depth));
        plain = grow(plainStart, Sizes.product(plainStep, depth));
    }

    private static int grow(int start, int size) {
        if (start > Integer.MAX_VALUE - 8 - size) {
            throw new UserException("the model has more than 2^31 parameters: choose smaller widths or depths");
        }
        return start + size;
    }

    /// All official tensors, in order of declaration, layer by layer within a stack.
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        int i = 0;
        while (i < params.size()) {
            int end = i;
            while (end < params.size() && sameStack(params.get(i), params.get(end))) {
                end++;
            }
            for (int layer = 0; layer < params.get(i).layers(); layer++) {
                for (Param param : params.subList(i, end)) {
                    entries.add(new Entry(param.name(layer), param, layer));
                }
            }
            i = end;
        }
        return entries;
    }

    private static boolean sameStack(Param a, Param b) {
        String nameA = a.name(0);
        String nameB = b.name(0);
        return a == b || (a.step() > 0 && b.step() > 0
                && nameA.substring(0, nameA.indexOf('.')).equals(nameB.substring(0, nameB.indexOf('.'))));
    }

    /// The whole array in runs, from its start to its end.
    ///
    /// @param rule which tensors decay
    public List<Run> runs(WeightDecayRule rule) {
        List<Run> runs = new ArrayList<>();
        for (Entry entry : entries().stream().sorted(Comparator.comparingInt(this::start)).toList()) {
            Param param = entry.param();
            boolean decays = rule.decays(entry.name(), param.shape().length);
            Run next = new Run(start(entry), param.size(), param.level(entry.layer()), decays);
            Run last = runs.isEmpty() ? null : runs.getLast();
            if (last != null && last.goesOnWith(next)) {
                runs.set(runs.size() - 1, new Run(last.start, last.length + next.length, last.level, last.decayed));
            } else {
                runs.add(next);
            }
        }
        return runs;
    }

    /// Level of what lies behind the last block.
    public int topLevel() {
        return level;
    }

    /// How many leading elements are decayed.
    public int decayed() {
        return decayed;
    }

    /// All elements.
    public int size() {
        return grow(decayed, plain);
    }

    /// Start of a tensor in the flat array.
    int start(Param param, int layer) {
        return (param.decayed() ? 0 : decayed) + param.at() + layer * param.step();
    }

    int start(Entry entry) {
        return start(entry.param(), entry.layer());
    }
}
