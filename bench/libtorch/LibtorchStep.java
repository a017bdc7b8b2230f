import static org.bytedeco.pytorch.global.torch.arange;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;
import static org.bytedeco.pytorch.global.torch.compile;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.get_num_threads;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.rand;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.zeros;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/// The training step of `mae bench step` in libtorch, without Python: what pytorch_step.py does, with a newer PyTorch's
/// fused attention and fused AdamW. Reads and prints what pytorch_step.py does; `run` beside it starts it, under a JDK
/// 17, because libtorch's Java binding crashes on newer ones.
public final class LibtorchStep {
    private static final double EPSILON = 1e-6;
    private static final String ADAMW = """
            def adamw(p, g, m, v, steps):
                torch._fused_adamw_([p], [g], [m], [v], [], [steps], lr=1e-4, beta1=0.9, beta2=0.95, weight_decay=0.05,
                                    eps=1e-8, amsgrad=False, maximize=False)
                return p
            """;

    private final Map<String, Double> sizes;
    private final List<Tensor> params = new ArrayList<>();

    private LibtorchStep(Map<String, Double> sizes) {
        this.sizes = sizes;
    }

    private int size(String name) {
        return sizes.get(name).intValue();
    }

    private Tensor param(Tensor start) {
        Tensor leaf = start.requires_grad_(true);
        params.add(leaf);
        return leaf;
    }

    private final class Linear {
        private final Tensor weight;
        private final TensorOptional bias;

        Linear(int in, int out) {
            weight = param(randn(out, in).mul(new Scalar(Math.sqrt(1.0 / in))));
            bias = new TensorOptional(param(zeros(out)));
        }

        Tensor forward(Tensor x) {
            return linear(x, weight, bias);
        }
    }

    private final class Norm {
        private final long[] shape;
        private final TensorOptional weight;
        private final TensorOptional bias;

        Norm(int width) {
            shape = new long[] {width};
            weight = new TensorOptional(param(zeros(width).add(new Scalar(1.0))));
            bias = new TensorOptional(param(zeros(width)));
        }

        Tensor forward(Tensor x) {
            return layer_norm(x, shape, weight, bias, EPSILON, true);
        }
    }

    private final class Layer {
        private final int width;
        private final int heads;
        private final Norm norm1;
        private final Linear qkv;
        private final Linear proj;
        private final Norm norm2;
        private final Linear fc1;
        private final Linear fc2;

        Layer(int width, int heads, int hidden) {
            this.width = width;
            this.heads = heads;
            norm1 = new Norm(width);
            qkv = new Linear(width, 3 * width);
            proj = new Linear(width, width);
            norm2 = new Norm(width);
            fc1 = new Linear(width, hidden);
            fc2 = new Linear(hidden, width);
        }

        Tensor forward(Tensor x) {
            long batch = x.size(0);
            long tokens = x.size(1);
            Tensor split =
                    qkv.forward(norm1.forward(x)).view(batch, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4);
            Tensor attended = scaled_dot_product_attention(split.select(0, 0), split.select(0, 1), split.select(0, 2));
            Tensor middle = x.add(proj.forward(attended.transpose(1, 2).reshape(batch, tokens, width)));
            return middle.add(fc2.forward(gelu(fc1.forward(norm2.forward(middle)))));
        }
    }

    private final class Model {
        private final int batch = size("batch");
        private final int tokens = size("tokens");
        private final int keep = size("keep");
        private final int width = size("embedDim");
        private final int small = size("decoderEmbedDim");
        private final Linear embed = new Linear(size("patchValues"), width);
        private final Tensor cls = param(zeros(1, 1, width));
        private final Tensor positions = param(randn(tokens, width).mul(new Scalar(0.02)));
        private final List<Layer> encoder = layers(size("depth"), width, size("heads"), size("mlp"));
        private final Norm norm = new Norm(width);
        private final Linear bridge = new Linear(width, small);
        private final Tensor hiddenToken = param(zeros(1, 1, small));
        private final Tensor decoderCls = param(zeros(1, 1, small));
        private final Tensor decoderPositions = param(randn(tokens, small).mul(new Scalar(0.02)));
        private final List<Layer> decoder =
                layers(size("decoderDepth"), small, size("decoderHeads"), size("decoderMlp"));
        private final Norm decoderNorm = new Norm(small);
        private final Linear head = new Linear(small, size("predValues"));
        private final Tensor clips = arange(new Scalar(batch)).mul(new Scalar(tokens)).view(batch, 1);

        private List<Layer> layers(int depth, int width, int heads, int hidden) {
            List<Layer> layers = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                layers.add(new Layer(width, heads, hidden));
            }
            return layers;
        }

        /// @param patches `[B·N, P]`
        /// @param target  `[B·N, P']`
        Tensor loss(Tensor patches, Tensor target) {
            Tensor order = rand(batch, tokens).argsort(1, false);
            Tensor shown = order.narrow(1, 0, keep);
            Tensor back = order.argsort(1, false).add(clips).flatten();
            Tensor hidden = order.narrow(1, keep, tokens - keep).add(clips).flatten();
            Tensor x = embed.forward(patches.index_select(0, shown.add(clips).flatten()))
                    .add(positions.index_select(0, shown.flatten())).view(batch, keep, width);
            x = cat(new TensorVector(cls.expand(batch, 1, width), x), 1);
            for (Layer layer : encoder) {
                x = layer.forward(x);
            }
            x = bridge.forward(norm.forward(x)).narrow(1, 1, keep);
            x = cat(new TensorVector(x, hiddenToken.expand(batch, tokens - keep, small)), 1);
            x = x.view(batch * tokens, small).index_select(0, back).view(batch, tokens, small).add(decoderPositions);
            x = cat(new TensorVector(decoderCls.expand(batch, 1, small), x), 1);
            for (Layer layer : decoder) {
                x = layer.forward(x);
            }
            x = decoderNorm.forward(x).narrow(1, 1, tokens).reshape(batch * tokens, small).index_select(0, hidden);
            return head.forward(x).sub(target.index_select(0, hidden)).square().mean();
        }
    }

    private double[] step() {
        Model model = new Model();
        Tensor patches = randn(model.batch * model.tokens, size("patchValues"));
        Tensor target = randn(model.batch * model.tokens, size("predValues"));
        TensorVector all = new TensorVector(params.toArray(new Tensor[0]));
        CompilationUnit unit = compile(ADAMW);
        Function adamW = unit.find_function(new QualifiedName("adamw"));
        List<Tensor[]> moments = new ArrayList<>();
        for (Tensor p : params) {
            Tensor still = p.detach();
            moments.add(new Tensor[] {zerosLike(still), zerosLike(still), zeros()});
        }
        double[] loss = new double[1];
        double seconds = median(timed(() -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor value = model.loss(patches, target);
                value.backward();
                loss[0] = value.item_double();
                clip_grad_norm_(all, 0.02);
                update(adamW, moments);
            }
        }));
        return new double[] {seconds, loss[0]};
    }

    private static Tensor zerosLike(Tensor t) {
        return t.mul(new Scalar(0.0));
    }

    private void update(Function adamW, List<Tensor[]> moments) {
        for (int i = 0; i < params.size(); i++) {
            Tensor p = params.get(i);
            Tensor[] state = moments.get(i);
            state[2].add_(new Scalar(1.0));
            adamW.run(new IValueVector(new IValue(p.detach()), new IValue(p.grad()), new IValue(state[0]),
                    new IValue(state[1]), new IValue(state[2])));
            p.mutable_grad().reset();
        }
    }

    private double sgemm() {
        int n = size("sgemm");
        Tensor a = randn(n, n);
        Tensor b = randn(n, n);
        sizes.put("warmUp", 5.0);
        sizes.put("steps", 30.0);
        return median(timed(() -> {
            try (PointerScope scope = new PointerScope()) {
                linear(a, b);
            }
        }));
    }

    /// Seconds of each round after warming up; no round begins that would probably end past the budget, but one is
    /// timed.
    private double[] timed(Runnable work) {
        long begin = System.nanoTime();
        double latest = 0;
        for (int done = 0; (done < size("warmUp") || since(begin) < sizes.get("warming"))
                && since(begin) + 2 * latest < sizes.get("budget"); done++) {
            latest = once(work);
        }
        List<Double> times = new ArrayList<>(List.of(once(work)));
        while (times.size() < size("steps") && since(begin) + times.get(times.size() - 1) < sizes.get("budget")) {
            times.add(once(work));
        }
        return times.stream().mapToDouble(t -> t).toArray();
    }

    private static double once(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return since(start);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int half = values.length / 2;
        return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }

    private static long peakMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmHWM:"))
                .map(line -> 1024 * Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }

    public static void main(String[] args) throws IOException {
        Map<String, Double> sizes = new HashMap<>();
        Matcher pairs = Pattern.compile("\"(\\w+)\":([-\\d.eE]+)").matcher(args[0]);
        while (pairs.find()) {
            sizes.put(pairs.group(1), Double.valueOf(pairs.group(2)));
        }
        manual_seed(0);
        set_num_threads(sizes.get("threads").intValue());
        LibtorchStep run = new LibtorchStep(sizes);
        String device = "libtorch 2.10.0 (cpu, fp32)";
        if (sizes.containsKey("sgemm")) {
            double n = sizes.get("sgemm");
            System.out.printf(Locale.ROOT, "{\"gflops\": %f, \"device\": \"%s\"}%n", 2 * n * n * n / run.sgemm() / 1e9,
                    device);
        } else {
            double[] result = run.step();
            System.out.printf(Locale.ROOT,
                    "{\"clips_per_second\": %f, \"seconds_per_step\": %f, \"peak_rss_bytes\": %d, \"loss\": %f, "
                            + "\"device\": \"%s\", \"threads\": %d}%n",
                    sizes.get("batch") / result[0], result[0], peakMemory(), result[1], device, get_num_threads());
        }
    }
}
