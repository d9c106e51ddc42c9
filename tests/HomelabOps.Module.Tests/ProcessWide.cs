namespace HomelabOps.Module.Tests;

/// <summary>Tests that look at what belongs to the whole process (load contexts, the default connection) run one after the other.</summary>
[CollectionDefinition(nameof(ProcessWide), DisableParallelization = true)]
public sealed class ProcessWide;
