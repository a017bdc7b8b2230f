package org.tornadomae.video.synthetic;

import java.util.random.RandomGenerator;

/// How the shape of a labelled video moves. None of it shows in a single frame: whatever the motion, at any one time
/// the shape is anywhere in the picture with the same chance, and has any size with the same chance. A mirrored video
/// keeps its class.
///
/// The picture's edges are joined: what leaves it on one side comes back on the other.
enum Motion {
    RISING {
        @Override
        Start after(Start start, double seconds) {
            return start.moved(0, -start.rate() * seconds);
        }
    },
    FALLING {
        @Override
        Start after(Start start, double seconds) {
            return start.moved(0, start.rate() * seconds);
        }
    },
    PASSING {
        @Override
        Start after(Start start, double seconds) {
            return start.moved(start.direction() * start.rate() * seconds, 0);
        }
    },
    GROWING {
        @Override
        Start after(Start start, double seconds) {
            return start.grown(start.rate() * seconds);
        }
    },
    SHRINKING {
        @Override
        Start after(Start start, double seconds) {
            return start.grown(-start.rate() * seconds);
        }
    },
    CIRCLING {
        @Override
        Start after(Start start, double seconds) {
            double turned = start.direction() * 4 * Math.PI * start.rate() * seconds;
            return start.moved(RADIUS * (Math.cos(turned) - 1), RADIUS * Math.sin(turned));
        }
    },
    SHAKING {
        @Override
        Start after(Start start, double seconds) {
            return start.moved(start.direction() * SHAKE * Math.sin(10 * Math.PI * start.rate() * seconds), 0);
        }
    },
    RESTING {
        @Override
        Start after(Start start, double seconds) {
            return start;
        }
    };

    private static final double RADIUS = 0.14; // of the circles, in units of the picture
    private static final double SHAKE = 0.08; // to each side

    /// Where and how large a shape is.
    ///
    /// @param x         in [0, 1)
    /// @param y         in [0, 1)
    /// @param growth    size between the least, 0, and the most, 1
    /// @param direction 1 or −1, for motions that can go either way
    /// @param rate      units per second, for all that moves steadily
    record Start(double x, double y, double growth, int direction, double rate) {
        private static final double MIN_SIZE = 0.1; // radius, in units of the picture
        private static final double MAX_SIZE = 0.24;

        static Start random(RandomGenerator random) {
            return new Start(random.nextDouble(), random.nextDouble(), random.nextDouble(),
                    random.nextBoolean() ? 1 : -1, random.nextDouble(0.35, 0.6));
        }

        double size() {
            return MIN_SIZE * Math.pow(MAX_SIZE / MIN_SIZE, growth);
        }

        Start moved(double dx, double dy) {
            return new Start(fraction(x + dx), fraction(y + dy), growth, direction, rate);
        }

        Start grown(double by) {
            return new Start(x, y, fraction(growth + by), direction, rate);
        }

        private static double fraction(double value) {
            return value - Math.floor(value);
        }
    }

    /// Where a shape is some time after its start.
    abstract Start after(Start start, double seconds);
}
