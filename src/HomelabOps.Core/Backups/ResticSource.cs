using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Wire;
using HomelabOps.Core.Storage;

namespace HomelabOps.Core.Backups;

/// <summary>
/// A restic repository that a ReplicationSource keeps. VolSync itself restores from it: into the claim of the application, whose folder
/// is an empty one by then, by a ReplicationDestination that is there only meanwhile.
/// </summary>
internal sealed class ResticSource(ClusterClient client, AppData data, JsonObject source, BackupPlace place, RestoreOptions options, ChangeJournal journal) : IRestoreSource
{
    // It is done whether or not anybody waits any more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What the restoring mover needs as the one that backs up does.
    private static readonly string[] Shared =
    [
        "repository", "customCA", "cacheCapacity", "cacheStorageClassName", "cacheAccessModes", "moverSecurityContext", "moverServiceAccount", "moverPodLabels", "moverResources", "moverAffinity",
    ];

    private const int LongestName = 63;

    public BackupKind Kind => BackupKind.Restic;

    public string Path => ReferenceOf(source).ToString();

    public DateTime? Time => options.AsOf;

    public IReadOnlyList<BackupPlace> Places => [place];

    private ResourceReference ReferenceOf(JsonObject item) => new(client.Name, ReplicationTypes.SourceKind, data.App.Namespace, (string?)item["metadata"]?["name"] ?? "");

    /// <summary>Finds a ReplicationSource and the folder of the claim that it backs up.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="data">The application.</param>
    /// <param name="name">Name of the ReplicationSource.</param>
    /// <param name="options">Which snapshot.</param>
    /// <param name="journal">Where the changes are written down.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">ReplicationGone, BackupForeign, VolSyncNotInstalled.</exception>
    public static async Task<ResticSource> OpenAsync(ClusterClient client, AppData data, string name, RestoreOptions options, ChangeJournal journal, CancellationToken cancellationToken)
    {
        var types = await ReplicationTypes.FindAsync(client, cancellationToken);
        var reference = new ResourceReference(client.Name, ReplicationTypes.SourceKind, data.App.Namespace, name);
        var item = await client.FindObjectAsync(types.Source, data.App.Namespace, name, cancellationToken) ?? throw Errors.ReplicationGone(reference);
        if (item["spec"]?["restic"] is not JsonObject)
        {
            throw Errors.BackupForeignMover(reference, data.App);
        }

        var claim = (string?)item["spec"]?["sourcePVC"] ?? "";
        var volume = data.App.Volumes.FirstOrDefault(volume => volume.Claim == claim);
        var place = volume is null ? null : data.Places.FirstOrDefault(place => place.Path == volume.Path.TrimEnd('/'));
        return place is null ? throw Errors.BackupForeignClaim(reference, data.App, claim) : new(client, data, item, place, options, journal);
    }

    public Task<long> RoomAsync(ProbePod pod, BackupPlace place, CancellationToken cancellationToken) => Task.FromResult(0L);

    public async Task<StagedFolder> StageAsync(ProbePod pod, BackupPlace place, string stage, CancellationToken cancellationToken)
    {
        var folder = $"{stage}/{place.Folder}";
        var (code, _, error) = await NodeWork.CommandAsync(client, pod, RestoreScripts.Empty(place.Parent, folder[(place.Parent.Length + 1)..], place.Folder), null, cancellationToken);
        return code == 0 ? new(place, folder, 0, 0, Verified: false) : throw Errors.RestoreFailed(data.App, place.Path, pod.Reference, error);
    }

    public async Task<IReadOnlyList<StagedFolder>> FinishAsync(IReadOnlyList<StagedFolder> folders, CancellationToken cancellationToken)
    {
        var node = new ResourceReference(client.Name, "Node", "", place.Node);
        await RestoreAsync(node, cancellationToken);
        var restored = await NodeWork.RunAsync(client, place.Node, options.Probe with { Writable = false }, async (pod, stop) =>
        {
            var (files, bytes) = (0L, 0L);
            await foreach (var file in FileListing.ReadAsync(client, pod, place.Parent, ["./" + place.Folder], hash: false, stop))
            {
                (files, bytes) = (files + 1, bytes + file.Bytes);
            }

            return new StagedFolder(place, place.Path, files, bytes, Verified: false);
        }, cancellationToken);

        // A mover that finds no snapshot ends well all the same.
        return restored.Files > 0 ? [restored] : throw Errors.RestoreFailed(data.App, place.Path, node, Errors.Text("Detail_RestoreNoSnapshot", Path));
    }

    private async Task RestoreAsync(ResourceReference node, CancellationToken cancellationToken)
    {
        var type = (await ReplicationTypes.FindAsync(client, cancellationToken)).Of(ReplicationTypes.DestinationKind, client);
        var token = ReplicationTrigger.NewToken();
        var wanted = Destination(type, token);
        var reference = new ResourceReference(client.Name, ReplicationTypes.DestinationKind, data.App.Namespace, (string)wanted["metadata"]!["name"]!);
        var entry = new JournalEntry { Cluster = client.Name, Kind = reference.Kind, Namespace = reference.Namespace, Name = reference.Name, Change = wanted.ToJsonString(), Undo = new JournalUndo { Form = "Delete" } };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Probe.Timeout);
        ReplicationWire? last = null;
        try
        {
            await journal.RunAsync(entry, () => client.CreateAsync(type, reference.Namespace, wanted, limit.Token));
            await ReplicationWatch.UntilAsync(client, type, reference, item =>
            {
                last = item;
                return ReplicationTrigger.IsDone(item, token) || item.Status?.LatestMoverStatus is { Result: "Failed" };
            }, limit.Token);
            if (!ReplicationTrigger.IsDone(last!, token))
            {
                throw Errors.RestoreFailed(data.App, place.Path, node, ReplicationHealth.Of(last!, isSource: false, null, DateTimeOffset.UtcNow).Message);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Errors.ReplicationTimeout(reference, options.Probe.Timeout, last?.Status?.Conditions?.Find(condition => condition.Type == "Synchronizing")?.Message ?? "");
        }
        finally
        {
            await Farewells.Add(DeleteAsync(type, reference));
        }
    }

    private async Task DeleteAsync(ResourceType type, ResourceReference reference)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            var entry = new JournalEntry { Cluster = client.Name, Kind = reference.Kind, Namespace = reference.Namespace, Name = reference.Name, Change = "Delete", Undo = JournalUndo.None("RestoreDone") };
            await journal.RunAsync(entry, () => client.DeleteAsync(type, reference.Namespace, reference.Name, new DeleteRequest(), limit.Token));
        }
        catch (Exception error) when (error is HomelabException or OperationCanceledException)
        {
            // It was never made, or is idle for ever, since its trigger has been served.
            options.Tell(Errors.Text("RestoreDestinationLeft", reference, error.Message));
        }
    }

    private JsonObject Destination(ResourceType type, string token)
    {
        var spec = (JsonObject)source["spec"]!["restic"]!;
        var restic = new JsonObject { ["destinationPVC"] = (string?)source["spec"]!["sourcePVC"], ["copyMethod"] = "Direct", ["cleanupCachePVC"] = true };
        foreach (var field in Shared.Where(spec.ContainsKey))
        {
            restic[field] = spec[field]!.DeepClone();
        }

        if (options.AsOf is { } time)
        {
            restic["restoreAsOf"] = time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        if (options.Previous > 0)
        {
            restic["previous"] = options.Previous;
        }

        // VolSync's own names are longer.
        var name = $"{data.App.Name[..Math.Min(data.App.Name.Length, LongestName / 2)].TrimEnd('-', '.')}-{token}";
        return new()
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = ReplicationTypes.DestinationKind,
            ["metadata"] = new JsonObject { ["name"] = name[..Math.Min(name.Length, LongestName)].TrimEnd('-'), ["namespace"] = data.App.Namespace, ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "homelabops" } },
            ["spec"] = new JsonObject { ["trigger"] = new JsonObject { ["manual"] = token }, ["restic"] = restic },
        };
    }
}
