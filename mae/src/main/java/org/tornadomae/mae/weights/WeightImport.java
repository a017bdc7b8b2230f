package org.tornadomae.mae.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tornadomae.mae.model.SinCosTable;
import org.tornadomae.nn.DType;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;

/// From any known program's weights to our names.
public final class WeightImport {
    private static final Pattern NEVER_WANTED = Pattern.compile("optimizer\\..*");
    private static final Pattern PICTURE_DECODER = Pattern.compile("decoder_.*|mask_token");

    private final Source source;
    private final Dialect dialect;
    private final Architecture architecture;
    private final boolean encoderOnly;
    private final List<Row> rows = new ArrayList<>();
    private final Set<String> used = new HashSet<>();

    private WeightImport(Source source, Dialect dialect, Architecture architecture, boolean encoderOnly) {
        this.source = source;
        this.dialect = dialect;
        this.architecture = architecture;
        this.encoderOnly = encoderOnly;
    }

    /// Plans the import of a file.
    ///
    /// @param asked       what the file does not tell; it also asks for other numbers of frames or pixels, to which
    ///                    learned positions are then resized
    /// @param beside      what a configuration beside the file says
    /// @param encoderOnly leave the decoder out
    /// @throws UserException when the file is of no known program, contradicts itself, or facts are missing
    public static WeightPlan plan(TensorFile file, Facts asked, Facts beside, boolean encoderOnly) {
        Source source = new Source(file);
        Dialect dialect = Dialect.of(source);
        Anatomy anatomy = Anatomy.of(source, dialect);
        Facts known = Facts.ofMetadata(file.metadata()).or(beside);
        Architecture architecture = Architecture.of(source, dialect, anatomy, asked, known, !encoderOnly);
        return new WeightImport(source, dialect, architecture, encoderOnly).plan();
    }

    private WeightPlan plan() {
        Anatomy anatomy = architecture.anatomy();
        addPositions("", anatomy.positions(), anatomy.encoder().width(), anatomy.cls());
        anatomy.encoderTensors(architecture.facts().tPatchSize().orElseThrow()).forEach(this::add);
        int before = rows.size();
        if (anatomy.decoder().width() > 0) {
            addPositions("decoder_", anatomy.decoderPositions(), anatomy.decoder().width(), anatomy.cls());
            anatomy.decoderTensors().forEach(this::add);
        }
        if (encoderOnly) {
            ignoreDecoder(before);
        }
        for (String name : source.names()) {
            if (!used.contains(name)) {
                boolean wanted = !NEVER_WANTED.matcher(name).matches()
                        && !(dialect == Dialect.IMAGE && PICTURE_DECODER.matcher(name).matches());
                rows.add(new Row(wanted ? Row.Status.LEFT_OVER : Row.Status.IGNORED, name, List.of(name),
                        source.shape(name),
                        wanted ? "" : name.startsWith("optimizer.") ? "optimizer" : "a decoder of pictures", null));
            }
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "tornado-mae weights 1");
        metadata.put("source", source.file().getFileName() + " (" + dialect.program() + ")");
        metadata.put(Architecture.KEY, architecture.toJson(!encoderOnly));
        return new WeightPlan(source.file(), dialect, Dialect.OURS, architecture, metadata, rows);
    }

    /// The file's tensors of the decoder are ignored; what would have been missing or computed is not needed.
    private void ignoreDecoder(int start) {
        List<Row> decoder = List.copyOf(rows.subList(start, rows.size()));
        rows.subList(start, rows.size()).clear();
        decoder.stream().flatMap(row -> row.from().stream()).distinct()
                .forEach(name -> rows.add(new Row(Row.Status.IGNORED, name, List.of(name), source.shape(name),
                        "decoder", null)));
    }

    private void add(String name, int[] shape) {
        String theirs = architecture.anatomy().names().of(name).orElse(null);
        Matcher qkv = Names.QKV.matcher(name);
        if (name.equals("patch_embed.proj.weight") && dialect == Dialect.IMAGE) {
            addInflated(name, theirs, shape);
        } else if (source.has(theirs)) {
            addCopy(name, theirs, shape);
        } else if (qkv.matches() && source.has(fused(qkv))) {
            addSlice(name, fused(qkv), "qkv".indexOf(qkv.group(2)), shape);
        } else if (theirs == null) {
            String why = "zeros: " + dialect.program() + " has none";
            rows.add(new Row(Row.Status.TRANSFORMED, name, List.of(), shape, why,
                    (into, at) -> Arrays.fill(into, at, at + Sizes.product(shape), 0)));
        } else {
            rows.add(new Row(Row.Status.MISSING, name, List.of(), shape, theirs.equals(name) ? "" : theirs, null));
        }
    }

    private String fused(Matcher qkv) {
        return architecture.anatomy().names().of(qkv.group(1) + "qkv." + qkv.group(3)).orElseThrow();
    }

    private void addCopy(String name, String theirs, int[] shape) {
        requireShape(theirs, shape);
        rows.add(new Row(Row.Status.LOADED, name, List.of(theirs), shape, dtype(theirs).strip(),
                (into, at) -> source.readInto(theirs, into, at)));
    }

    private void addSlice(String name, String theirs, int part, int[] shape) {
        int[] whole = shape.clone();
        whole[0] *= 3;
        requireShape(theirs, whole);
        int n = Sizes.product(shape);
        rows.add(new Row(Row.Status.TRANSFORMED, name, List.of(theirs), shape, "rows " + part * shape[0] + " to "
                + ((part + 1) * shape[0] - 1) + dtype(theirs),
                (into, at) -> System.arraycopy(source.floats(theirs), part * n, into, at, n)));
    }

    private void addInflated(String name, String theirs, int[] shape) {
        requireShape(theirs, new int[] {shape[0], 3, shape[3], shape[4]});
        rows.add(new Row(Row.Status.TRANSFORMED, name, List.of(theirs), shape, "repeated over " + shape[2]
                + " frames, divided by " + shape[2] + dtype(theirs),
                (into, at) -> put(Inflation.inflate(source.floats(theirs), 3 * shape[0], shape[2], shape[3] * shape[4]),
                        into, at)));
    }

    private static void put(float[] values, float[] into, int at) {
        System.arraycopy(values, 0, into, at, values.length);
    }

    private String dtype(String theirs) {
        DType dtype = source.dtype(theirs);
        return dtype == DType.F32 ? "" : " (" + dtype + " to F32)";
    }

    private void requireShape(String theirs, int[] expected) {
        used.add(theirs);
        int[] found = source.shape(theirs);
        if (!Arrays.equals(found, expected)) {
            throw new UserException(source.file() + ": tensor " + theirs + " has shape " + Arrays.toString(found)
                    + " where the rest of the model needs "
                    + Arrays.toString(expected));
        }
    }

    private void addPositions(String prefix, Anatomy.Positions kind, int width, boolean cls) {
        Architecture.Grid grid = architecture.grid();
        switch (kind) {
            case SEPARABLE -> addSeparable(prefix, width, cls);
            case JOINT -> addJoint(prefix + "pos_embed", width, cls ? 1 : 0);
            case FIXED -> {
                String name = prefix + "pos_embed";
                used.add(name);
                rows.add(new Row(Row.Status.TRANSFORMED, name, source.has(name) ? List.of(name) : List.of(),
                        new int[] {1, grid.tokens(), width},
                        "fixed sin-cos table of " + grid,
                        (into, at) -> put(SinCosTable.of(grid.tokens(), width), into, at)));
            }
            case PICTURE -> addPicture(width);
        }
    }

    private void addSeparable(String prefix, int width, boolean cls) {
        Architecture.Grid from = architecture.sourceGrid();
        Architecture.Grid to = architecture.grid();
        addResized(prefix + "pos_embed_spatial", new int[] {1, from.h() * from.w(), width},
                new int[] {1, to.h() * to.w(), width}, from + " to " + to,
                rows -> PositionResize.spatial(rows, from.h(), from.w(), to.h(), to.w(), width));
        addResized(prefix + "pos_embed_temporal", new int[] {1, from.t(), width}, new int[] {1, to.t(), width},
                from + " to " + to,
                rows -> PositionResize.temporal(rows, from.t(), to.t(), width));
        if (cls) {
            add(prefix + "pos_embed_class", new int[] {1, 1, width});
        }
    }

    private void addJoint(String name, int width, int cls) {
        Architecture.Grid from = architecture.sourceGrid();
        Architecture.Grid to = architecture.grid();
        addResized(name, new int[] {1, cls + from.tokens(), width}, new int[] {1, cls + to.tokens(), width},
                from + " to " + to, rows -> {
                    float[] resized = Arrays.copyOf(rows, (cls + to.tokens()) * width);
                    float[] patches = Arrays.copyOfRange(rows, cls * width, rows.length);
                    put(PositionResize.joint(patches, from.t(), from.h(), from.w(), to.t(), to.h(), to.w(), width),
                            resized,
                            cls * width);
                    return resized;
                });
    }

    /// Makes other rows of rows of positions.
    private interface Resize {
        float[] of(float[] rows);
    }

    private void addResized(String name, int[] shape, int[] wanted, String how, Resize resize) {
        String theirs = architecture.anatomy().names().of(name).orElseThrow();
        if (architecture.grid().equals(architecture.sourceGrid()) || Arrays.equals(shape, wanted)
                || !source.has(theirs)) {
            add(name, wanted);
            return;
        }
        requireShape(theirs, shape);
        rows.add(new Row(Row.Status.TRANSFORMED, name, List.of(theirs), wanted, "resized from " + how + dtype(theirs),
                (into, at) -> put(resize.of(source.floats(theirs)), into, at)));
    }

    /// Row 0 is the class token's, the others are positions in space; time starts at zero.
    private void addPicture(int width) {
        String theirs = "pos_embed";
        if (!source.has(theirs)) {
            rows.add(new Row(Row.Status.MISSING, theirs, List.of(), null, "", null));
            return;
        }
        int side = (int) Math.round(Math.sqrt(source.shape(theirs)[1] - 1));
        Architecture.Grid to = architecture.grid();
        requireShape(theirs, new int[] {1, 1 + side * side, width});
        rows.add(new Row(Row.Status.TRANSFORMED, "pos_embed_spatial", List.of(theirs),
                new int[] {1, to.h() * to.w(), width},
                side == to.h() ? "rows 1 and on" : "rows 1 and on, resized from " + side + "x" + side, (into, at) -> {
                    float[] all = source.floats(theirs);
                    float[] patches = Arrays.copyOfRange(all, width, all.length);
                    put(side == to.h() ? patches : PositionResize.spatial(patches, side, side, to.h(), to.w(), width),
                            into, at);
                }));
        rows.add(new Row(Row.Status.TRANSFORMED, "pos_embed_temporal", List.of(), new int[] {1, to.t(), width},
                "zeros: pictures have no time",
                (into, at) -> Arrays.fill(into, at, at + to.t() * width, 0)));
        rows.add(new Row(Row.Status.TRANSFORMED, "pos_embed_class", List.of(theirs), new int[] {1, 1, width}, "row 0",
                (into, at) -> System.arraycopy(source.floats(theirs), 0, into, at, width)));
    }
}
