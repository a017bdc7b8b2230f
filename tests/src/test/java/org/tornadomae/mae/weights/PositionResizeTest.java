package org.tornadomae.mae.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tornadomae.golden.GoldenTable;

/// Against numbers of the official codes (pos-embed.json, inflate.json).
class PositionResizeTest {
    /// The tables have 12 digits of double arithmetic; ours rounds to float32 after every axis.
    private static final float TOLERANCE = 1e-6f;

    private static int[] grid(JsonNode node) {
        return new int[] {node.get(0).asInt(), node.get(1).asInt(), node.get(2).asInt()};
    }

    private static float[] patches(JsonNode rows, int cls) {
        float[] all = GoldenTable.floats(rows);
        return Arrays.copyOfRange(all, cls * rows.get(0).size(), all.length);
    }

    @Test
    void tableOfTheOfficialCodes() throws IOException {
        int cases = 0;
        for (JsonNode item : GoldenTable.of("pos-embed").get("cases")) {
            int[] from = grid(item.get("source_grid"));
            int[] to = grid(item.get("target_grid"));
            String kind = item.get("kind").asText();
            int cls = item.path("cls").asInt();
            if (kind.startsWith("separable")) {
                int channels = item.get("source_spatial").get(0).size();
                assertArrayEquals(GoldenTable.floats(item.get("result_spatial")),
                        PositionResize.spatial(GoldenTable.floats(item.get("source_spatial")), from[1], from[2], to[1],
                                to[2], channels),
                        TOLERANCE, kind);
                assertArrayEquals(GoldenTable.floats(item.get("result_temporal")),
                        PositionResize.temporal(GoldenTable.floats(item.get("source_temporal")), from[0], to[0],
                                channels),
                        TOLERANCE, kind);
            } else {
                float[] source = patches(item.get("source"), cls);
                int channels = item.get("source").get(0).size();
                float[] result = kind.contains("bicubic")
                        ? PositionResize.spatial(source, from[1], from[2], to[1], to[2], channels)
                        : PositionResize.joint(source, from[0], from[1], from[2], to[0], to[1], to[2], channels);
                assertArrayEquals(patches(item.get("result"), cls), result, TOLERANCE, kind);
            }
            cases++;
        }
        assertEquals(8, cases);
    }

    @Test
    void sameSizeChangesNothing() {
        float[] rows = new float[4 * 3 * 5 * 2];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) Math.sin(i);
        }
        assertArrayEquals(rows, PositionResize.joint(rows, 4, 3, 5, 4, 3, 5, 2));
        assertArrayEquals(rows, PositionResize.spatial(rows, 12, 5, 12, 5, 2));
    }

    @Test
    void kernelsOfPicturesAndVideo() throws IOException {
        JsonNode table = GoldenTable.of("inflate");
        assertArrayEquals(GoldenTable.floats(table.get("mae_st_inflated")),
                Inflation.inflate(GoldenTable.floats(table.get("kernel2d")), 6, 2, 4));
        assertArrayEquals(GoldenTable.floats(table.get("pyslowfast_inflated")),
                Inflation.inflate(GoldenTable.floats(table.get("kernel2d")), 6, 2, 4));
        assertArrayEquals(GoldenTable.floats(table.get("pyslowfast_deflated")),
                Inflation.deflate(GoldenTable.floats(table.get("kernel3d")), 6, 2, 4), TOLERANCE);
    }
}
