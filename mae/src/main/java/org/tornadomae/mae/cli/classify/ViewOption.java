package org.tornadomae.mae.cli.classify;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.views.TestViews;

/// Reads `7x3`: views in time by views in space.
final class ViewOption {
    private static final Pattern FORM = Pattern.compile("(\\d{1,3})x([13])");

    private ViewOption() {}

    /// @throws UserException for anything else
    static TestViews parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == 0) {
            throw new UserException("--views " + text + ": write views in time by 1 or 3 in space, such as 7x3 or 1x1");
        }
        return new TestViews(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
}
