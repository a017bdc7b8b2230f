/// The commands of `bin/mae` that go from weights to an answer: finetune, test, predict, extract, probe.
package org.tornadomae.mae.cli.classify;
