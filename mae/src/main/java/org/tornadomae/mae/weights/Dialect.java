package org.tornadomae.mae.weights;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.tornadomae.nn.UserException;

/// The programs whose weights are understood, by how they name tensors.
public enum Dialect {
    /// This program and facebookresearch/mae_st: q, k and v apart, LayerNorm eps 1e-6, pixels 0.45/0.225.
    OURS("mae_st", "1e-6", "0.45/0.225"),
    /// facebookresearch/SlowFast (`.pyth`); the released mae_st files are named so too. q, k and v fused or apart.
    SLOWFAST("PySlowFast", "1e-6", "0.45/0.225"),
    /// MCG-NJU/VideoMAE: no class token, fixed positions, no key bias.
    VIDEOMAE("VideoMAE", "1e-6", "imagenet"),
    /// Hugging Face transformers' VideoMAE.
    HF("transformers", "1e-12, see layer_norm_eps of its config.json", "imagenet"),
    /// facebookresearch/mae: pictures; inflated to video.
    IMAGE("image MAE", "1e-6", "imagenet");

    private final String program;
    private final String usualEps;
    private final String usualPixels;

    Dialect(String program, String usualEps, String usualPixels) {
        this.program = program;
        this.usualEps = usualEps;
        this.usualPixels = usualPixels;
    }

    /// Name of the program.
    public String program() {
        return program;
    }

    String usualEps() {
        return usualEps;
    }

    String usualPixels() {
        return usualPixels;
    }

    /// Whether positions are a fixed table that no file holds, and there is neither class token nor key bias.
    boolean fixedPositions() {
        return this == VIDEOMAE || this == HF;
    }

    /// The dialect of a file by its tensors' names and the rank of its patch kernel.
    ///
    /// @throws UserException for tensors of another kind of model
    static Dialect of(Source source) {
        Collection<String> names = source.names();
        if (any(names, "videomae.", "", "")) {
            return HF;
        }
        String kernel = names.contains("patch_embed.proj.weight")
                ? "patch_embed.proj.weight"
                : "encoder.patch_embed.proj.weight";
        if (!names.contains(kernel)) {
            List<String> some = names.stream().limit(4).toList();
            throw new UserException(source.file() + ": no video MAE that is known here (mae_st, PySlowFast, VideoMAE, "
                    + "transformers' VideoMAE, image MAE): it has no patch_embed.proj.weight among its " + names.size()
                    + " tensors " + String.join(", ", some) + (names.size() > 4 ? ", …" : ""));
        }
        if (source.shape(kernel).length == 4) {
            return IMAGE;
        }
        if (any(names, "encoder.", "", "") || any(names, "", "", ".attn.q_bias")) {
            return VIDEOMAE;
        }
        return any(names, "pred_head.", "", "") || any(names, "head.projection.", "", "")
                || any(names, "dec_pos_embed_", "", "")
                || any(names, "", ".attn.qkv.", "") ? SLOWFAST : OURS;
    }

    private static boolean any(Collection<String> names, String start, String inside, String end) {
        return names.stream().anyMatch(name -> name.startsWith(start) && name.contains(inside) && name.endsWith(end));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
