using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Backups to a restic repository, and what is restored from one.</summary>
internal sealed class ResticMover : JobMover
{
    private const int PruneDays = 7;

    protected override int BackoffLimit => 8;

    protected override bool TellsTransfers => false;

    protected override async Task<Plan?> PlanAsync(MoverContext context, CancellationToken cancellationToken)
    {
        var claim = context.IsSource
            ? await MoverVolumes.SourceAsync(context, "src", cancellationToken)
            : await MoverVolumes.DestinationAsync(context, "dest", cancellationToken);
        if (claim is null)
        {
            return null;
        }

        var cache = $"volsync-{context.Direction}-{context.Name}-cache";
        if (await MoverVolumes.OwnAsync(
            context,
            cache,
            Text(context.Spec, "cacheCapacity", "1Gi"),
            (string?)(context.Spec["cacheStorageClassName"] ?? context.Spec["storageClassName"]),
            context.Spec["cacheAccessModes"] ?? context.Spec["accessModes"] ?? claim["spec"]?["accessModes"],
            cancellationToken) is null || await context.AccountAsync(cancellationToken) is not { } account)
        {
            return null;
        }

        var repository = context.Secret(Text(context.Spec, "repository"), "RESTIC_REPOSITORY", "RESTIC_PASSWORD");
        var name = VolSyncNames.Short($"volsync-{context.Direction}-", context.Name);
        var container = MoverPods.Container(
            context,
            "restic",
            ["/mover-restic/entry.sh"],
            Actions(context),
            Environment(context, repository),
            ("data", "/data"),
            ("cache", "/cache"),
            ("tempdir", "/tmp"));
        var template = MoverPods.Template(context, name, [], container, account,
        [
            MoverPods.ClaimVolume("data", Text(claim, "metadata.name")),
            MoverPods.ClaimVolume("cache", cache),
            MoverPods.MemoryVolume("tempdir"),
        ]);
        return new(name, template, claim);
    }

    protected override void Succeeded(MoverContext context, Plan plan, JsonObject job)
    {
        MoveFiles(context, plan);
        if (!context.IsSource)
        {
            return;
        }

        var status = context.MethodStatus;
        if (MustUnlock(context))
        {
            status["lastUnlocked"] = Text(context.Spec, "unlock");
            if (context.World.FaultOf(context.Key) == MoverFault.ResticLock)
            {
                context.World.FailMover(context.Key, MoverFault.None);
            }
        }
        else if (Text(context.Spec, "unlock").Length == 0)
        {
            status.Remove("lastUnlocked");
        }

        if (MustPrune(context))
        {
            status["lastPruned"] = Timestamps.Format(context.Now);
        }

        if (status.Count == 0)
        {
            context.Status.Remove(context.Method);
        }
    }

    // All at once, at the end of the Job.
    private static void MoveFiles(MoverContext context, Plan plan)
    {
        var folder = MoverVolumes.FolderOf(context, plan.Claim);
        var node = context.Cluster.Pods.In(context.Namespace).Where(pod => (string?)pod["metadata"]?["labels"]?["job-name"] == plan.Name).Select(pod => Text(pod, "spec.nodeName")).FirstOrDefault(name => name.Length > 0);
        if (context.World.Volumes is not { } volumes || folder.Length == 0 || node is null)
        {
            return;
        }

        var repository = Text(context.Secret(Text(context.Spec, "repository"), "RESTIC_REPOSITORY", "RESTIC_PASSWORD"), "data.RESTIC_REPOSITORY");
        if (context.IsSource)
        {
            context.World.Restic.Save(repository, context.Now, volumes.Read(node, folder));
        }
        else if (context.World.Restic.Find(repository, Timestamps.Parse(Text(context.Spec, "restoreAsOf")), (int)Number(context.Spec, "previous")) is { } files)
        {
            volumes.Write(node, folder, files, deletes: (bool?)context.Spec["enableFileDeletion"] == true);
        }
    }

    private static string[] Actions(MoverContext context) => !context.IsSource ? ["restore"]
        : [.. MustUnlock(context) ? ["unlock"] : Array.Empty<string>(), "backup", .. MustPrune(context) ? ["prune"] : Array.Empty<string>()];

    private static bool MustUnlock(MoverContext context) => Text(context.Spec, "unlock") is { Length: > 0 } token && token != Text(context.Owner, "status.restic.lastUnlocked");

    // For the first time so many days after the object was made.
    private static bool MustPrune(MoverContext context)
    {
        var last = Timestamps.Parse(Text(context.Owner, "status.restic.lastPruned", Text(context.Owner, "metadata.creationTimestamp")));
        var days = Number(context.Spec, "pruneIntervalDays") is > 0 and var wanted ? wanted : PruneDays;
        return last + TimeSpan.FromDays(days) < context.Now;
    }

    private static IEnumerable<JsonObject> Environment(MoverContext context, JsonObject repository)
    {
        var secret = Text(repository, "metadata.name");
        yield return MoverPods.Variable("FORGET_OPTIONS", Forget(context.Spec["retain"] as JsonObject));
        yield return MoverPods.Variable("DATA_DIR", "/data");
        yield return MoverPods.Variable("RESTIC_CACHE_DIR", "/cache");
        yield return MoverPods.Variable("RESTORE_AS_OF", Text(context.Spec, "restoreAsOf"));
        yield return MoverPods.Variable("SELECT_PREVIOUS", Invariant($"{Number(context.Spec, "previous")}"));
        yield return MoverPods.Variable("RESTORE_OPTIONS", (bool?)context.Spec["enableFileDeletion"] == true ? "--delete" : "");
        yield return MoverPods.SecretVariable("RESTIC_REPOSITORY", secret);
        yield return MoverPods.SecretVariable("RESTIC_PASSWORD", secret);
        foreach (var name in ((JsonObject)repository["data"]!).Select(field => field.Key).Where(name => name.StartsWith("AWS_", StringComparison.Ordinal) || name.StartsWith("RCLONE_", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            yield return MoverPods.SecretVariable(name, secret, isOptional: true);
        }
    }

    private static string Forget(JsonObject? policy)
    {
        var options = string.Concat(((ReadOnlySpan<string>)["hourly", "daily", "weekly", "monthly", "yearly", "within", "last"]).ToArray()
            .Where(period => policy?[period] is not null)
            .Select(period => $" --keep-{period} {Text(policy, period)}"));
        return options.Length == 0 ? "--keep-last 1" : options;
    }
}
