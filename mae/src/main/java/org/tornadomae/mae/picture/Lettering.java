package org.tornadomae.mae.picture;

import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Text on a [Canvas]. Java's own fonts need font files and fontconfig of the system, which servers often lack; these
/// glyphs come with the program.
///
/// `lettering.png` holds them in grey on black, cells of [#CELL] columns in the order of [#GLYPHS]; the white run in
/// the first row of a cell is as long as the glyph is wide.
final class Lettering {
    /// Rows of a line of text.
    static final int LINE = 20;

    private static final int CELL = 16;
    private static final String GLYPHS =
            " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~·×";
    private static final Raster ATLAS = load();

    private Lettering() {}

    private static Raster load() {
        try (InputStream file = Lettering.class.getResourceAsStream("lettering.png")) {
            return ImageIO.read(new MemoryCacheImageInputStream(file)).getRaster(); // which closes it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Columns that a text takes.
    static int width(String text) {
        return text.chars().map(Lettering::cell).map(Lettering::advance).sum();
    }

    /// Where a character's cell starts; what is not in the set shows as a question mark.
    private static int cell(int character) {
        int index = GLYPHS.indexOf(character);
        return (index < 0 ? GLYPHS.indexOf('?') : index) * CELL;
    }

    private static int advance(int cell) {
        int columns = 0;
        while (columns < CELL && ATLAS.getSample(cell + columns, 0, 0) > 0) {
            columns++;
        }
        return columns;
    }

    /// Draws one line of text with its upper left corner here.
    ///
    /// @param colour 0xRRGGBB
    static void draw(Canvas canvas, int left, int top, String text, int colour) {
        int x = left;
        for (int i = 0; i < text.length(); i++) {
            int cell = cell(text.charAt(i));
            for (int row = 1; row < ATLAS.getHeight(); row++) {
                for (int column = 0; column < CELL; column++) {
                    canvas.blend(x + column, top + row, colour, ATLAS.getSample(cell + column, row, 0));
                }
            }
            x += advance(cell);
        }
    }

    /// Breaks a text at spaces into lines of at most so many columns; a longer word has a line of its own.
    static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split(" ")) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (width(longer) > columns && !line.isEmpty()) {
                lines.add(line);
                longer = word;
            }
            line = longer;
        }
        lines.add(line);
        return lines;
    }
}
