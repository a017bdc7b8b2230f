package org.tornadomae.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.nn.UserException;

/// Tables, plots and what frames them.
class ReportTest {
    @Test
    void tableIsMarkdown() {
        Table table = new Table("what", "clips/s").row("a|b", 1234.5678).row("c", 0.0123456).row("d", Double.NaN)
                .row("e", 12);
        assertEquals("""
                | what | clips/s |
                |---|---:|
                | a\\|b | 1235 |
                | c | 0.0123 |
                | d | – |
                | e | 12 |
                """, table.markdown());
        assertThrows(IllegalArgumentException.class, () -> table.row("too few"));
    }

    @Test
    void digitsThatMatter() {
        assertEquals("0", Table.digits(0));
        assertEquals("9.87", Table.digits(9.8749));
        assertEquals("98.7", Table.digits(98.749));
        assertEquals("0.000123", Table.digits(0.00012345));
    }

    @Test
    void reportHoldsMachineNotesAndPlots() {
        Machine noisy = new Machine("2026-11-23T12:00", "a processor", 2, 16, "an OS", "25", 3.5);
        String text =
                new Report("name", "Title", "bin/mae bench x", noisy).note("A note.").table(new Table("h").row("v"))
                        .plot(Plot.lines("key", "Plot", "x", "y")).markdown();
        assertTrue(text.startsWith("# Title\n\n`bin/mae bench x`\n\n2026-11-23T12:00, a processor, 2 processors"),
                text);
        assertTrue(text.contains("**noisy**") && text.contains("A note.") && text.contains("![Plot](name-key.png)"),
                text);
    }

    @Test
    void plotsAreDrawn(@TempDir Path folder) throws IOException {
        try {
            Plot.requireFonts();
        } catch (UserException e) {
            abort(e.getMessage());
        }
        Plot.lines("a", "Lines", "x", "y").point("one", 1, 2).point("one", 2.5, 3).save(folder.resolve("lines.png"));
        Plot.bars("b", "Bars", "", "y").point("one", "x", 2).point("two", "y", 3).save(folder.resolve("bars.png"));
        BufferedImage lines = ImageIO.read(folder.resolve("lines.png").toFile());
        assertEquals(900, lines.getWidth());
        assertTrue(ImageIO.read(folder.resolve("bars.png").toFile()).getHeight() > 100);
    }
}
