package org.tornadomae.video.clip;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.tornadomae.video.codec.DamageReason;

/// Decides whether a video that failed is tried again, and waits before that.
///
/// What lies in the bytes stays. A decoder that crashed or hung may have been ended from outside, so it gets one more
/// chance. A file that is missing or unreadable may be back in a moment: a video that was good before is waited for,
/// 3.1 s in all. Of the others some may never have been there, thousands in a list of other data: for all of those
/// together the wait is limited.
final class Patience {

    private static final Duration FIRST = Duration.ofMillis(100); // doubled each time
    private static final int MOST = 5; // times
    private static final Duration FOR_STRANGERS = Duration.ofSeconds(5);

    private final AtomicLong left = new AtomicLong(FOR_STRANGERS.toNanos());

    /// Whether to try again, after a wait if that may help.
    ///
    /// @param failures of this video before this one, in a row
    /// @param known    whether the video was good before
    boolean again(DamageReason reason, int failures, boolean known) {
        return switch (reason) {
            case CRASHES, HANGS -> failures == 0;
            case MISSING, UNREADABLE -> failures < MOST && await(FIRST.toNanos() << failures, known);
            case EMPTY, NOT_A_VIDEO, NO_VIDEO_STREAM, TRUNCATED, NO_FRAMES, UNSUPPORTED -> false;
        };
    }

    private boolean await(long nanos, boolean known) {
        if (!known && left.addAndGet(-nanos) < 0) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the loader is being closed
            throw new CancellationException("waiting for a video was stopped");
        }
    }
}
