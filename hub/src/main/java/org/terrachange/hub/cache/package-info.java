/// Where downloaded weights lie on this machine, one file for each content, and who may touch them when.
@NullMarked
package org.terrachange.hub.cache;

import org.jspecify.annotations.NullMarked;
