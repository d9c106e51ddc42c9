using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Faults.Causes;

/// <summary>What faults can be switched on for.</summary>
internal static class Targets
{
    /// <summary>Where nothing has to be chosen.</summary>
    public static IEnumerable<string> Homelab(HomelabPlan plan) => [""];

    public static IEnumerable<string> Nodes(HomelabPlan plan) =>
        HomelabNodes.Of(plan).Select(node => node.Name).OrderByDescending(name => name == HomelabNodes.Primary);

    public static IEnumerable<string> Mounts(HomelabPlan plan) => HomelabNodes.Of(plan).SelectMany(node => node.Mounts.Select(mount => $"{node.Name}:{mount.Path}"));

    /// <summary>Those that run as a Deployment, whose manifests say all of it.</summary>
    public static IEnumerable<string> Apps(HomelabPlan plan) => plan.Apps.Where(app => app.Form == AppForm.Deployment).Select(app => app.Name);

    public static IEnumerable<string> Kustomizations(HomelabPlan plan) =>
        ["flux-system/apps", "flux-system/infrastructure-traefik", "flux-system/infrastructure-storage", "flux-system/infrastructure-metallb", "flux-system/infrastructure-controllers", "flux-system/infrastructure-metallb-config"];

    public static IEnumerable<string> GitRepositories(HomelabPlan plan) => ["flux-system/flux-system"];

    public static IEnumerable<string> Releases(HomelabPlan plan) => plan.Apps.Where(app => app.Form == AppForm.HelmRelease).Select(app => $"{app.Category}/{app.Name}");

    /// <summary>The Syncthings, the receiving side first.</summary>
    public static IEnumerable<string> Syncthings(HomelabPlan plan) => new[] { Roles.Backup, Roles.Primary }.SelectMany(role => plan.Apps.Where(app => app.IsSyncthing).Select(app => $"{app.Category}/{app.Name}-{role}"));

    public static IEnumerable<string> Restics(HomelabPlan plan) => plan.Apps.Where(app => app.Replication == AppReplication.Restic).Select(app => $"{app.Category}/{app.Name}");

    /// <summary>What runs as a Job now and then.</summary>
    public static IEnumerable<string> Movers(HomelabPlan plan) =>
        plan.Apps.Where(app => app.Replication == AppReplication.Rsync).Select(app => $"{app.Category}/{app.Name}-{Roles.Primary}").Concat(Restics(plan));

    public static IEnumerable<string> Resources(HomelabPlan plan) => ["", "pods", "nodes", "deployments.apps", "kustomizations.kustomize.toolkit.fluxcd.io"];
}
