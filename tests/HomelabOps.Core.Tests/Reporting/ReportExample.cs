using System.Globalization;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Reporting;

namespace HomelabOps.Core.Tests.Reporting;

/// <summary>Reports of homelabs as large as is wanted, of which every tenth part is not well.</summary>
internal static class ReportExample
{
    public const string Hostile = "</title><script>alert(1)</script>\"'&\u202Egnp.exe\u0001";

    private static readonly string[] Areas = ["media", "home", "network", "tools", "data"];
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 40, 0, TimeSpan.FromHours(1));

    public static HomelabReport Of(int apps)
    {
        var numbers = Enumerable.Range(0, apps).ToList();
        return new()
        {
            Cluster = "homelab",
            Server = "https://10.10.10.5:6443",
            Time = Now,
            Duration = TimeSpan.FromSeconds(1.234),
            Connection = new() { Name = "homelab", KubernetesVersion = "v1.33.4+k3s1", FluxVersion = "v2.7.2" },
            Findings = [.. numbers.Where(IsBad).Select(Finding)],
            Flux = [Source(), Kustomization("flux-system", "GitRepository/flux-system/flux-system", ConditionStatus.True), .. Areas.Select(area => Kustomization(area, "Kustomization/flux-system/flux-system", ConditionStatus.True)), .. numbers.Select(Applied)],
            Apps = [.. numbers.Select(App)],
            Nodes = [Node("k3s-w1", 12, 96, true), Node("k3s-w2", 51, 96, true), Node("k3s-w3", 0, 0, false)],
            Usage = [Usage("Node", "", "k3s-w1", 1.2, 9), Usage("Node", "", "k3s-w2", 3.7, 15), .. numbers.Select(i => Usage("Pod", Space(i), $"{Name(i)}-7d9c5b6f4-{i:x4}", 0.01 * (i % 90), 0.1 + (0.03 * (i % 60))))],
            Volumes = [.. numbers.Select(i => Volume(i, "", "k3s-w1")), .. numbers.Select(i => Volume(i, "-backup", "k3s-w2"))],
            Replications = [.. numbers.Select(Replication)],
            Syncthings = [.. numbers.Take(20).Select(Syncthing)],
            Certificates = [Certificate("Cluster", "", "homelab", 300), Certificate("Secret", "network", "wildcard-tls", 12), Certificate("Secret", "media", "old-tls", -2)],
            Operations = [new() { Id = "20261126204500-3fa1b2", Kind = OperationKind.PlannedFailover, Status = OperationStatus.Completed, Cluster = "homelab", Started = Now.LocalDateTime, Apps = ["sonarr"], From = "k3s-w1", To = "k3s-w2" }],
        };
    }

    /// <summary>One in which every text is a trap, and of which not all could be read.</summary>
    public static HomelabReport OfHostileNames() => Of(3) with
    {
        Cluster = Hostile,
        Findings = [Finding(0) with { Message = Hostile, Reason = Hostile, Remedy = Hostile, Evidence = [Hostile], Target = new("homelab", Hostile, Hostile, Hostile) }],
        Apps = [App(0) with { Name = Hostile, Image = Hostile, Node = Hostile, Message = Hostile, Healthy = false, Reason = Hostile }],
        Flux = [Source(), Kustomization(Hostile, "GitRepository/flux-system/flux-system", ConditionStatus.False) with { Message = Hostile, Revision = Hostile }],
        Volumes = null,
        Gaps = [new("volumes", Hostile)],
    };

    private static bool IsBad(int i) => i % 10 == 3;

    private static string Space(int i) => Areas[i % Areas.Length];

    private static string Name(int i) => i switch { 0 => "sonarr", 1 => "radarr", 2 => "home-assistant", 3 => "immich-machine-learning", _ => string.Create(CultureInfo.InvariantCulture, $"application-{i}") };

    private static ResourceReference Parse(string text) => text.Split('/') is var parts ? new("homelab", parts[0], parts[1], parts[2]) : throw new FormatException();

    private static HomelabFinding Finding(int i) => new()
    {
        Cluster = "homelab",
        Area = HomelabArea.Pod,
        Severity = i % 20 == 3 ? FindingSeverity.Error : FindingSeverity.Warning,
        Reason = "ImagePullFailed",
        Message = $"The image ghcr.io/example/{Name(i)}:4.0.{i} cannot be pulled: manifest unknown. Flux waits for it, and so does all that depends on it.",
        Target = new("homelab", "Deployment", Space(i), Name(i)),
        RootCause = new("homelab", "GitRepository", "flux-system", "flux-system"),
        Evidence = ["Back-off pulling image", "Failed to pull image: rpc error: code = NotFound desc = failed to pull and unpack image"],
        Remedy = $"Set-HomelabAppImage {Name(i)} -Tag latest-good",
    };

    private static FluxSource Source() => new()
    {
        Cluster = "homelab", Kind = "GitRepository", Namespace = "flux-system", Name = "flux-system", Ready = ConditionStatus.True, Revision = "main@sha1:3f2a91c0b7d84e6aa11f0c5d2b9e8f7a6c5d4e3f", Url = "ssh://git@example.org/homelab.git",
        Owner = new("homelab", "Kustomization", "flux-system", "flux-system"),
    };

    private static FluxKustomization Kustomization(string name, string parent, ConditionStatus ready) => new()
    {
        Cluster = "homelab", Kind = "Kustomization", Namespace = "flux-system", Name = name, Ready = ready, Revision = "main@sha1:3f2a91c0b7d84e6aa11f0c5d2b9e8f7a6c5d4e3f", Reason = "ReconciliationSucceeded",
        Source = new("homelab", "GitRepository", "flux-system", "flux-system"), Owner = parent.StartsWith("Kustom", StringComparison.Ordinal) ? Parse(parent) : null, LastReconciled = Now.LocalDateTime,
    };

    private static FluxKustomization Applied(int i) => Kustomization(Name(i), $"Kustomization/flux-system/{Space(i)}", IsBad(i) ? ConditionStatus.False : ConditionStatus.True) with
    {
        Suspended = i % 50 == 7,
        Message = IsBad(i) ? $"timeout waiting for: [Deployment/{Space(i)}/{Name(i)} status: 'InProgress']" : "Applied revision",
    };

    private static HomelabApp App(int i) => new()
    {
        Cluster = "homelab", Kind = "Deployment", Namespace = Space(i), Name = Name(i), Image = $"ghcr.io/example/{Name(i)}:4.0.{i}", Healthy = !IsBad(i), Ready = !IsBad(i), Reason = IsBad(i) ? "ImagePullBackOff" : "", Message = IsBad(i) ? "Back-off pulling image" : "",
        Replicas = 1, ReadyReplicas = IsBad(i) ? 0 : 1, Node = i % 2 == 0 ? "k3s-w1" : "k3s-w2", Nodes = [i % 2 == 0 ? "k3s-w1" : "k3s-w2"], Side = i % 2 == 0 ? HomelabSide.Primary : HomelabSide.Backup, Kustomization = Parse($"Kustomization/flux-system/{Name(i)}"),
    };

    private static HomelabNode Node(string name, long free, long total, bool ready) => new()
    {
        Cluster = "homelab", Kind = "Node", Name = name, Ready = ready, Schedulable = ready, Roles = ["worker"], Version = "v1.33.4+k3s1", OperatingSystem = "Debian GNU/Linux 12", DiskFree = total == 0 ? null : free << 30, DiskTotal = total == 0 ? null : total << 30, Message = ready ? "" : "Kubelet stopped posting node status.",
    };

    private static HomelabUsage Usage(string kind, string space, string name, double cpu, double gibibytes) => new()
    {
        Cluster = "homelab", Kind = kind, Namespace = space, Name = name, Cpu = cpu, Memory = (long)(gibibytes * (1 << 30)), CpuRequest = 0.1, CpuLimit = kind == "Node" ? null : 1, MemoryRequest = 1 << 28, MemoryLimit = 1L << 31, CpuPercent = cpu / 4 * 100, MemoryPercent = gibibytes / 16 * 100,
    };

    private static HomelabVolume Volume(int i, string side, string node) => new()
    {
        Cluster = "homelab", Kind = "PersistentVolumeClaim", Namespace = Space(i), Name = $"pvc-{Name(i)}{side}", Claim = $"pvc-{Name(i)}{side}", Volume = $"pv-{Name(i)}{side}", App = Name(i), Phase = "Bound", Healthy = true, Node = node, Capacity = 10L << 30, Used = (long)i % 10 << 30,
    };

    private static ReplicationStatus Replication(int i) => new()
    {
        Cluster = "homelab", Kind = "ReplicationSource", Namespace = Space(i), Name = $"{Name(i)}-primary", App = Name(i), Method = "rsync-tls", State = IsBad(i) ? ReplicationState.Late : ReplicationState.Waiting, Healthy = !IsBad(i), Lag = TimeSpan.FromMinutes(7 * (i % 100)), LastSync = Now.LocalDateTime, Schedule = "*/30 * * * *",
        Message = IsBad(i) ? "two times of the schedule have passed without a sync" : "",
    };

    private static SyncthingStatus Syncthing(int i) => new()
    {
        Cluster = "homelab", Kind = "ReplicationSource", Namespace = Space(i), Name = $"{Name(i)}-sync", App = Name(i), Role = SyncthingRole.Source, State = SyncthingState.InSync, Healthy = true, Connected = true, InSync = true, NeedBytes = 0, NeedItems = 0, Node = "k3s-w1", Folder = "default", Peer = "ABCDEFG",
    };

    private static CertificateFacts Certificate(string kind, string space, string name, int days) =>
        new(new("homelab", kind, space, name), kind == "Cluster" ? CertificateReader.OfServer : CertificateReader.OfIngress, Now.AddDays(days)) { Users = kind == "Cluster" ? [] : [new("homelab", "Ingress", space, "web")] };
}
