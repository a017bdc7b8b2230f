package org.tornadomae.mae.picture;

import java.io.IOException;
import java.nio.file.Path;
import org.tornadomae.nn.UserException;

/// A table of true and predicted classes as a picture: row by row the true ones, darker where more of a class's videos
/// went.
public final class ConfusionPicture {
    private static final int MARGIN = 8;
    private static final int LARGEST = 28; // pixels of a square
    private static final int SIDE = 800; // of the table, at most, for many classes
    private static final int INK = 0x1f4e79;
    private static final int WRONG = 0xa33b20;
    private static final int GRID = 0xe8e8e8;

    private ConfusionPicture() {}

    /// Writes a PNG.
    ///
    /// @param counts `[true][predicted]`
    /// @throws UserException when it cannot be written
    public static void write(Path file, int[][] counts) {
        int cell = Math.clamp(SIDE / counts.length, 1, LARGEST);
        int top = MARGIN + 2 * Lettering.LINE;
        String title = "rows: true class, columns: predicted class";
        int width = Math.max(Lettering.width(title), counts.length * cell) + 2 * MARGIN;
        Canvas canvas = new Canvas(width, top + counts.length * cell + MARGIN);
        Lettering.draw(canvas, MARGIN, MARGIN, title, 0);
        for (int row = 0; row < counts.length; row++) {
            int all = 0;
            for (int count : counts[row]) {
                all += count;
            }
            for (int column = 0; column < counts.length; column++) {
                int cover = all == 0 ? 0 : 255 * counts[row][column] / all;
                square(canvas, MARGIN + column * cell, top + row * cell, cell, row == column ? INK : WRONG, cover);
            }
        }
        try {
            canvas.writePng(file);
        } catch (IOException e) {
            throw new UserException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private static void square(Canvas canvas, int left, int top, int cell, int colour, int cover) {
        for (int y = 0; y < cell; y++) {
            for (int x = 0; x < cell; x++) {
                boolean edge = cell > 4 && (x == 0 || y == 0);
                canvas.blend(left + x, top + y, edge ? GRID : colour, edge ? 255 : cover);
            }
        }
    }
}
