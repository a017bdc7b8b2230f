/// What a benchmark hands out: a Markdown table, JSON and PNG plots, with the machine that they were measured on.
package org.tornadomae.bench.report;
