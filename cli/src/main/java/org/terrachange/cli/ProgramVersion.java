package org.terrachange.cli;

import picocli.CommandLine.IVersionProvider;

/// The version that the build wrote into the program's file.
final class ProgramVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return new String[] {"terrachange " + (version == null ? "(unpackaged)" : version)};
    }
}
