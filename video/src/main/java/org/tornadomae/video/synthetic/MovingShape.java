package org.tornadomae.video.synthetic;

import java.util.random.RandomGenerator;

/// One shape of a [Scene]: it moves straight on, bounces off the edges and turns.
///
/// @param form  outline
/// @param rgb   colour
/// @param size  radius, in units of the picture
/// @param x     where it starts
/// @param y     where it starts
/// @param dx    units per second
/// @param dy    units per second
/// @param angle radians at the start
/// @param spin  radians per second
record MovingShape(Form form, double[] rgb, double size, double x, double y, double dx, double dy, double angle,
        double spin) {

    /// Outlines, as signed distances from a shape of radius 1 (negative inside).
    enum Form {
        DISC {
            @Override
            double distance(double u, double v) {
                return Math.hypot(u, v) - 1;
            }
        },
        RING {
            @Override
            double distance(double u, double v) {
                return Math.abs(Math.hypot(u, v) - 0.75) - 0.25;
            }
        },
        SQUARE {
            @Override
            double distance(double u, double v) {
                return Math.max(Math.abs(u), Math.abs(v)) - 0.8;
            }
        },
        TRIANGLE {
            @Override
            double distance(double u, double v) {
                double side = Math.sqrt(3) / 2;
                return Math.max(Math.max(side * u - v / 2, -side * u - v / 2), v) - 0.5;
            }
        },
        STAR {
            @Override
            double distance(double u, double v) {
                return Math.hypot(u, v) - 0.75 - 0.25 * Math.cos(5 * Math.atan2(v, u));
            }
        };

        abstract double distance(double u, double v);
    }

    static MovingShape random(double hue, RandomGenerator random) {
        Form form = Form.values()[random.nextInt(Form.values().length)];
        double[] rgb = Scene.hsv(hue, random.nextDouble(0.6, 0.95), random.nextDouble(0.8, 1));
        double speed = random.nextDouble(0.15, 0.6);
        double heading = random.nextDouble(2 * Math.PI);
        return new MovingShape(form, rgb, random.nextDouble(0.11, 0.22), random.nextDouble(), random.nextDouble(),
                speed * Math.cos(heading), speed * Math.sin(heading), random.nextDouble(2 * Math.PI),
                random.nextDouble(-3, 3));
    }

    /// Where it is at a time.
    Pose at(double seconds) {
        double turned = angle + spin * seconds;
        return new Pose(this, bounce(x + dx * seconds), bounce(y + dy * seconds), Math.cos(turned), Math.sin(turned));
    }

    /// Folds an endless straight path into the room between the edges.
    private double bounce(double position) {
        double room = 1 - 2 * size;
        double phase = position / (2 * room);
        double folded = Math.abs(phase - Math.rint(phase)) * 2; // 0..1 and back
        return size + room * folded;
    }

    /// A body at one moment.
    record Pose(MovingShape body, double x, double y, double cos, double sin) {

        private static final double RIM = 0.25; // darker towards the edge, so that shapes look round

        /// Covers `colour` as far as the body covers the point; edges are one `pixel` soft.
        void shade(double px, double py, double pixel, double[] colour) {
            double right = (px - x) / body.size();
            double down = (py - y) / body.size();
            double u = right * cos + down * sin;
            double v = down * cos - right * sin;
            double distance = body.form().distance(u, v);
            double cover = Math.clamp(0.5 - distance * body.size() / pixel, 0, 1);
            double light = 1 - RIM * Math.clamp(1 + distance * 2, 0, 1);
            for (int c = 0; c < colour.length; c++) {
                colour[c] += (body.rgb()[c] * light - colour[c]) * cover;
            }
        }
    }
}
