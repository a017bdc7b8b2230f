package org.tornadomae.mae.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;

/// From our names to another program's.
public final class WeightExport {
    private final Source source;
    private final Dialect to;
    private final Architecture architecture;
    private final Names names;
    private final List<Row> rows = new ArrayList<>();

    private WeightExport(WeightPlan ours, Dialect to) {
        this.source = new Source(ours);
        this.to = to;
        this.architecture = ours.architecture();
        Anatomy anatomy = architecture.anatomy();
        this.names = new Names(to, anatomy.classes() == 0, anatomy.classes() > 0, anatomy.decoder().depth());
    }

    /// Plans the export of a file: of ours, or of another program's through our names.
    ///
    /// @param asked what the file does not tell
    /// @throws UserException when the file is of no known program, contradicts itself, or facts are missing
    public static WeightPlan plan(TensorFile file, Facts asked, Dialect to) {
        WeightPlan ours = WeightImport.plan(file, asked, Facts.none(), false);
        if (to == Dialect.IMAGE) {
            throw new UserException(file.file() + ": weights for video cannot be exported to " + to.program());
        }
        return new WeightExport(ours, to).plan(ours);
    }

    private WeightPlan plan(WeightPlan ours) {
        for (Row row : ours.rows()) {
            if (row.present()) {
                add(row.name());
            } else {
                rows.add(row);
            }
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        // transformers loads no safetensors without "pt"
        metadata.put("format", to == Dialect.HF ? "pt" : "tornado-mae weights 1");
        metadata.put(Architecture.KEY, architecture.toJson(true));
        if (to == Dialect.HF) {
            metadata.put("config", architecture.toTransformersJson());
        }
        return new WeightPlan(source.file(), ours.from(), to, architecture, metadata, rows);
    }

    private void add(String name) {
        Matcher qkv = Names.QKV.matcher(name);
        Optional<String> theirs = names.of(name);
        if (qkv.matches() && isFused(qkv.group(3))) {
            if (qkv.group(2).equals("q")) {
                addFused(qkv.group(1), qkv.group(3));
            }
        } else if (theirs.isPresent()) {
            boolean same = theirs.get().equals(name);
            rows.add(new Row(Row.Status.LOADED, theirs.get(), List.of(name), source.shape(name), same ? "" : note(name),
                    (into, at) -> source.readInto(name, into, at)));
        } else if (name.endsWith(".attn.k.bias")) {
            add(Row.Status.IGNORED, name, "softmax does not see a key bias");
        } else {
            addWithoutPlace(name);
        }
    }

    /// transformers ignores its configuration there.
    private String note(String name) {
        double eps = architecture.facts().headNormEps().or(architecture.facts()::normEps).orElseThrow();
        return to == Dialect.HF && name.equals("norm.weight") && architecture.anatomy().classes() > 0 && eps != 1e-5
                ? "run with eps 1e-5 there, with " + eps + " here"
                : "";
    }

    private boolean isFused(String part) {
        return to == Dialect.SLOWFAST || to == Dialect.VIDEOMAE && part.equals("weight");
    }

    private void addFused(String attention, String part) {
        List<String> three = List.of(attention + "q." + part, attention + "k." + part, attention + "v." + part);
        String theirs = names.of(attention + "qkv." + part).orElseThrow();
        Optional<String> absent = three.stream().filter(name -> !source.has(name)).findFirst();
        if (absent.isPresent()) {
            rows.add(new Row(Row.Status.MISSING, absent.get(), List.of(), source.shape(three.getFirst()), "", null));
            return;
        }
        int[] shape = source.shape(three.getFirst());
        int n = Sizes.product(shape);
        shape[0] *= 3;
        rows.add(new Row(Row.Status.TRANSFORMED, theirs, three, shape, "joined", (into, at) -> {
            for (int i = 0; i < 3; i++) {
                source.readInto(three.get(i), into, at + i * n);
            }
        }));
    }

    /// Nothing is lost with a table that the other program computes, or a bias of zeros.
    private void addWithoutPlace(String name) {
        int[] shape = source.shape(name);
        boolean positions = name.equals("pos_embed") || name.equals("decoder_pos_embed");
        if (positions && Anatomy.isTable(source, name)) {
            add(Row.Status.IGNORED, name, to.program() + " computes this sin-cos table");
        } else if (name.equals("decoder_embed.bias") && Arrays.equals(source.floats(name),
                new float[Sizes.product(shape)])) {
            add(Row.Status.IGNORED, name, "zeros: " + to.program() + " has none");
        } else {
            add(Row.Status.LEFT_OVER, name, to.program() + " has no place for it"
                    + (name.contains("pos_embed") ? ": its positions are a fixed table" : ""));
        }
    }

    private void add(Row.Status status, String name, String note) {
        rows.add(new Row(status, name, List.of(name), source.shape(name), note, null));
    }
}
