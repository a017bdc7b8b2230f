package org.tornadomae.video.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {

    private static final int ONE = 1 << 16; // a display matrix is 16.16 fixed point

    /// Turns the picture AB/CD/EF, two columns and three rows.
    private static String turned(Orientation orientation) {
        byte[] picture = "AAABBBCCCDDDEEEFFF".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] into = new byte[picture.length];
        orientation.turn(picture, 2, 3, into);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            text.append((char) into[3 * i]);
        }
        return text.insert(orientation.transposed() ? 3 : 2, '/').toString();
    }

    @ParameterizedTest
    @CsvSource({"1,0,0,1,AB/CDEF", "0,1,-1,0,ECA/FDB", "-1,0,0,-1,FE/DCBA", "0,-1,1,0,BDF/ACE", // turns clockwise
            "-1,0,0,1,BA/DCFE", "1,0,0,-1,EF/CDAB", "0,1,1,0,ACE/BDF", "0,-1,-1,0,FDB/ECA"}) // and those of a mirror
    void allEightWaysToHoldACamera(int a, int b, int c, int d, String expected) {
        assertEquals(expected, turned(Orientation.of(a * ONE, b * ONE, c * ONE, d * ONE)));
    }

    @Test
    void otherTurnsAreLeftAsStored() {
        double slant = Math.toRadians(30);
        long cos = Math.round(ONE * Math.cos(slant));
        long sin = Math.round(ONE * Math.sin(slant));
        assertEquals(Orientation.STORED, Orientation.of(cos, sin, -sin, cos));
        assertEquals(Orientation.STORED, Orientation.of(0, 0, 0, 0));
        assertEquals(Orientation.STORED, Orientation.of(ONE, ONE / 100, -ONE / 100, ONE), "within a degree");
    }
}
