namespace HomelabOps.Cluster.Tests;

/// <summary>Tests that put objects into the lab, and so would disturb those that count what is there.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
