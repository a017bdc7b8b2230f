/// What is kept of a run for those who look at it: facts, TensorBoard files and the page `report.html`.
package org.tornadomae.mae.report;
