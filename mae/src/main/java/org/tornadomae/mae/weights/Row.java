package org.tornadomae.mae.weights;

import java.util.List;

/// What becomes of one tensor.
///
/// @param status whether it is there, and how it gets there
/// @param name   its name in the result; for what is ignored or left over, in the file
/// @param from   the file's tensors it is made of
/// @param shape  its shape in the result
/// @param note   why, or how
/// @param values where its numbers come from; null where there are none
public record Row(Status status, String name, List<String> from, int[] shape, String note, Values values) {
    /// The outcomes a table counts.
    public enum Status {
        /// As it is in the file.
        LOADED("loaded"),
        /// Cut, joined, resized or computed.
        TRANSFORMED("transformed"),
        /// In the file and not wanted, without loss.
        IGNORED("ignored"),
        /// Wanted and not in the file.
        MISSING("missing"),
        /// In the file, and nothing here has a place for it.
        LEFT_OVER("left over");

        private final String words;

        Status(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /// Writes a tensor's numbers into an array.
    interface Values {
        void readInto(float[] into, int at);
    }

    /// Whether the result has this tensor.
    boolean present() {
        return status == Status.LOADED || status == Status.TRANSFORMED;
    }
}
