/// Named weights: what a model name stands for, where its file comes from and whether it is intact.
@NullMarked
package org.terrachange.hub;

import org.jspecify.annotations.NullMarked;
