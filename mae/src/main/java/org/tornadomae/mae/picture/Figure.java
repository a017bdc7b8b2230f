package org.tornadomae.mae.picture;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.codec.FrameEncoder;

/// The picture of a [Reconstruction]: original, what the model saw, what it produced, with a caption that says how it
/// came about. As a strip of frames (PNG) and as three panels that move (GIF, MP4).
public final class Figure {
    private static final int MARGIN = 16;
    private static final int GAP = 4;
    // smaller frames are enlarged to at least this; more where there are few
    private static final int STRIP_FRAME = 128;
    private static final int PANEL_FRAME = 224;
    private static final int MIN_WIDTH = 640;
    private static final int INK = 0x202020;
    private static final int PALE = 0x707070;
    private static final int WARNING = 0xc00000;

    private final Reconstruction clip;
    private final List<String> caption;
    private final List<String> titles;
    private final List<float[]> rows;

    /// @param origin what was run on what, e.g. the names of checkpoint, step and video; the first line of the caption
    /// @param mask   how the removed patches were chosen
    public Figure(Reconstruction clip, String origin, MaskKind mask) {
        this.clip = clip;
        MaeConfig config = clip.config();
        int tokens = config.grid().tokens();
        this.titles = List.of("original", "what the model saw", "what it produced");
        this.rows = List.of(clip.original(), clip.seen(), clip.produced());
        this.caption = List.of(origin,
                "Encoder " + config.encoder().embedDim() + " wide, " + config.encoder().depth() + " deep · decoder "
                        + config.decoder().embedDim() + " wide, "
                        + config.decoder().depth() + " deep · patches of " + config.clip().tPatchSize() + "×"
                        + config.clip().patchSize() + "×" + config.clip().patchSize()
                        + " · " + mask.name().toLowerCase(Locale.ROOT) + " mask, " + clip.visible() + " of " + tokens
                        + " patches visible",
                "Produced: removed patches as predicted, visible ones pasted from the input",
                clip.provenance(),
                clip.psnr().summary());
    }

    /// The lines under every picture.
    public List<String> caption() {
        return caption;
    }

    /// Writes `NAME.png`, `NAME.gif` and `NAME.mp4`.
    ///
    /// @param folder is created if need be
    /// @param fps    predicted frames per second at which the clip plays in real time
    /// @return the files
    /// @throws UserException when they cannot be written
    public List<Path> write(Path folder, String name, double fps) {
        Path png = folder.resolve(name + ".png");
        Path gif = folder.resolve(name + ".gif");
        Path mp4 = folder.resolve(name + ".mp4");
        try {
            Files.createDirectories(folder);
            strip().writePng(png);
            List<Canvas> panels = new ArrayList<>();
            for (int frame = 0; frame < clip.config().targets().predTDim(); frame++) {
                panels.add(panels(frame));
            }
            try (FrameEncoder encoder =
                    FrameEncoder.gif(gif, panels.getFirst().width(), panels.getFirst().height(), fps)) {
                writeAll(encoder, panels);
            }
            try (FrameEncoder encoder =
                    FrameEncoder.mp4(mp4, panels.getFirst().width(), panels.getFirst().height(), fps)) {
                writeAll(encoder, panels);
            }
        } catch (FileAlreadyExistsException e) {
            throw new UserException(folder + ": is a file, the pictures need a folder", e);
        } catch (IOException e) {
            throw new UserException(folder + ": the pictures cannot be written (" + e.getClass().getSimpleName() + ": "
                    + e.getMessage() + ")", e);
        }
        return List.of(png, gif, mp4);
    }

    private static void writeAll(FrameEncoder encoder, List<Canvas> frames) throws IOException {
        for (Canvas frame : frames) {
            encoder.write(frame.rgb());
        }
    }

    /// Three rows, one column per predicted frame.
    Canvas strip() {
        int side = clip.config().clip().imgSize();
        int[] frames = clip.config().targetFrames();
        int scale = scale(Math.clamp(MIN_WIDTH / frames.length, STRIP_FRAME, PANEL_FRAME));
        int cell = side * scale + GAP;
        Canvas sheet = sheet(frames.length * cell - GAP, 3 * (Lettering.LINE + cell + GAP) + Lettering.LINE);
        int top = MARGIN;
        for (int row = 0; row < rows.size(); row++) {
            Lettering.draw(sheet, MARGIN, top, titles.get(row), INK);
            top += Lettering.LINE;
            for (int i = 0; i < frames.length; i++) {
                sheet.putFrame(MARGIN + i * cell, top, scale, rows.get(row), i, side);
            }
            top += cell + GAP;
        }
        for (int i = 0; i < frames.length; i++) {
            Lettering.draw(sheet, MARGIN + i * cell, top - GAP, "frame " + frames[i], PALE);
        }
        return sheet;
    }

    /// The three side by side, for one predicted frame.
    Canvas panels(int frame) {
        int side = clip.config().clip().imgSize();
        int scale = scale(PANEL_FRAME);
        int cell = side * scale + GAP;
        Canvas sheet = sheet(3 * cell - GAP, Lettering.LINE + cell);
        for (int column = 0; column < rows.size(); column++) {
            int left = MARGIN + column * cell;
            Lettering.draw(sheet, left, MARGIN, titles.get(column), INK);
            sheet.putFrame(left, MARGIN + Lettering.LINE, scale, rows.get(column), frame, side);
        }
        return sheet;
    }

    private int scale(int atLeast) {
        return Math.ceilDiv(atLeast, clip.config().clip().imgSize());
    }

    /// An empty sheet for a picture of this size, with the caption below it.
    private Canvas sheet(int width, int height) {
        int columns = Math.max(width, MIN_WIDTH);
        List<String> lines = new ArrayList<>();
        List<Integer> colours = new ArrayList<>();
        for (String sentence : caption) {
            for (String line : Lettering.wrap(sentence, columns)) {
                lines.add(line);
                colours.add(clip.truthStats() && sentence.equals(clip.provenance()) ? WARNING : INK);
            }
        }
        Canvas sheet = new Canvas(columns + 2 * MARGIN, MARGIN + height + GAP + lines.size() * Lettering.LINE + MARGIN);
        for (int i = 0; i < lines.size(); i++) {
            Lettering.draw(sheet, MARGIN, MARGIN + height + GAP + i * Lettering.LINE, lines.get(i), colours.get(i));
        }
        return sheet;
    }
}
