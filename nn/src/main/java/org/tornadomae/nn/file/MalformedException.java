package org.tornadomae.nn.file;

import java.io.IOException;

/// What is wrong inside a file, in words; whoever opened the file puts its name in front.
final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedException(String why) {
        super(why);
    }
}
