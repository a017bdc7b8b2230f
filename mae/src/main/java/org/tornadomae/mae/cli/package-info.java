/// The commands of `bin/mae`. A command reads its options, calls the library and prints; nothing is computed here.
package org.tornadomae.mae.cli;
