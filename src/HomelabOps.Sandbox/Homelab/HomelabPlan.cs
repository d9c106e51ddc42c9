namespace HomelabOps.Sandbox.Homelab;

/// <summary>What the homelab consists of, worked out from its options.</summary>
internal sealed class HomelabPlan
{
    /// <summary>The domain of the home network.</summary>
    public const string Domain = "home.arpa";

    public const string FileServer = "192.168.1.10";

    /// <summary>What the file server exports, and where the nodes mount it.</summary>
    public const string MediaExport = "/mnt/user/media";
    public const string MediaPath = "/data/media";

    // Spare Deployments fill up to the number of pods that is asked for, each with this many at the most.
    private const int LargestSpare = 200;

    // Four controllers of Flux, VolSync, MetalLB's controller, two of Traefik, and the cluster's own three. The speakers are one a node.
    private const int InfrastructurePods = 11;

    private readonly HashSet<(string Namespace, string Claim)> _used;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public HomelabPlan(SandboxOption option)
    {
        Check(option.Apps, 1, 300, nameof(option.Apps));
        Check(option.Nodes, 3, 200, nameof(option.Nodes));
        Check(option.Pods ?? 0, 0, 20_000, nameof(option.Pods));
        Option = option;
        Apps = AppCatalog.Take(option.Apps, Seed);
        Categories = [.. Apps.Select(app => app.Category).Distinct()];
        _used = Apps.Where(app => app is { IsSyncthing: true, Form: not AppForm.HelmRelease }).Select(app => (app.Category, app.Claim)).ToHashSet();
        Addresses = new ServiceAddresses(Seed, Apps);
        OwnPods = Apps.Sum(PodsOf) + InfrastructurePods + option.Nodes;
        Spares = Spread(Math.Max(0, (option.Pods ?? 0) - OwnPods));
    }

    public SandboxOption Option { get; }

    /// <summary>Which of the possible homelabs it is.</summary>
    public int Seed => Option.Seed ?? 1;

    public IReadOnlyList<PlannedApp> Apps { get; }

    /// <summary>The categories of the applications, in the order of their first ones. Each has a namespace of its name.</summary>
    public IReadOnlyList<string> Categories { get; }

    public ServiceAddresses Addresses { get; }

    /// <summary>Pods that always run without the spare ones: applications, movers that stay, infrastructure.</summary>
    public int OwnPods { get; }

    /// <summary>Numbers of pods of the Deployments that only make the homelab large.</summary>
    public IReadOnlyList<int> Spares { get; }

    /// <summary>Whether an application that is replicated by Syncthing uses a claim from the beginning. What a chart makes is no part of this homelab.</summary>
    public bool IsUsed(string @namespace, string claim) => _used.Contains((@namespace, claim));

    // A Syncthing runs on each side; the receiver of rsync waits for what is sent. What a chart makes is no part of this homelab.
    private static int PodsOf(PlannedApp app) => (app.Form == AppForm.HelmRelease ? 0 : 1) + app.Replication switch
    {
        AppReplication.Syncthing or AppReplication.Labelled => 2,
        AppReplication.Rsync => 1,
        _ => 0,
    };

    private static int[] Spread(int pods)
    {
        var count = (pods + LargestSpare - 1) / LargestSpare;
        return [.. Enumerable.Range(0, count).Select(index => (pods / count) + (index < pods % count ? 1 : 0))];
    }

    private static void Check(int value, int least, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
