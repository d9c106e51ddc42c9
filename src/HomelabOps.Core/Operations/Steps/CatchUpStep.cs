using HomelabOps.Core.Databases;
using HomelabOps.Core.Operations.Gates;
using HomelabOps.Core.Operations.Planning;
using HomelabOps.Core.Replication;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Brings what the stopped applications wrote last to the target: nothing is moved before the target lacks nothing by its own figures.</summary>
internal sealed class CatchUpStep : IOperationStep
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public string Name => "CatchUp";

    public StepRepetition Repetition => StepRepetition.UntilCommitted;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, done) = (context.Options, new List<ResourceReference>());
        var claims = context.Record.Apps.SelectMany(app => app.Claims.Keys).ToHashSet(StringComparer.Ordinal);
        var all = await OperationWriters.ReadAllAsync(context, cancellationToken);

        // The old side first: it has to see its own last files before it can say what others lack.
        var sources = all.Where(replication => replication.Kind == ReplicationTypes.SourceKind && claims.Contains(replication.SourcePvc) && replication.Method is "syncthing" or "rsync" or "rsyncTLS");
        var survivors = all.Where(replication => replication.Method == "syncthing" && context.Record.Apps.Exists(app => app.Namespace == replication.Namespace && app.Claims.ContainsValue(replication.SourcePvc))).ToList();

        // An earlier run may have paused them.
        IReadOnlyList<ResourceReference> paused = [.. survivors.Select(survivor => survivor.Reference)];
        paused = [.. (await OperationSyncthings.TryResumeAsync(options, paused, cancellationToken)).Keys];

        foreach (var mover in await MoversHomeAsync(context, cancellationToken))
        {
            await ReplicationHalt.SetAsync(options.Client, mover, paused: false, options.Journal, cancellationToken);
        }

        foreach (var replication in sources.Concat(survivors).Where(replication => context.Record.Apps.Exists(app => app.Namespace == replication.Namespace)))
        {
            done.Add(replication.Reference);
            paused = await BringAsync(context, replication, paused, cancellationToken);
        }

        await CheckDatabasesAsync(context, cancellationToken);

        // From now on what is at home is the newest, and their schedule would bring what it was.
        foreach (var mover in await MoversHomeAsync(context, cancellationToken))
        {
            await ReplicationHalt.SetAsync(options.Client, mover, paused: true, options.Journal, cancellationToken);
        }

        return done.Count == 0 ? Errors.Text("Detail_StepCatchUpNone") : Errors.Text("Detail_StepCaughtUp", string.Join(", ", done));
    }

    private static async Task<IEnumerable<ReplicationStatus>> MoversHomeAsync(OperationContext context, CancellationToken cancellationToken) =>
        context.Record.Kind == OperationKind.Failback ? (await OperationWriters.ReadAsync(context, cancellationToken)).Where(writer => writer.Method != "syncthing") : [];

    // Nobody writes any more, so a database that is damaged now stays so, and its application would find it like that.
    private static async Task CheckDatabasesAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var record = context.Record;
        string[] folders = [.. record.Apps.SelectMany(app => app.Paths).Distinct(StringComparer.Ordinal)];
        if (folders.Length == 0 || record.Overridden.Contains(DatabaseIntegrityGate.GateName, StringComparer.Ordinal))
        {
            return;
        }

        if ((await DatabaseReader.CheckAsync(context.Options, record.To, folders, cancellationToken)).FirstOrDefault(verdict => verdict.State == DatabaseState.Damaged) is { } damaged)
        {
            throw Errors.DatabaseDamaged(damaged.Path, record.To, damaged.Detail);
        }
    }

    // VolSync makes the pod of a Syncthing anew when the application that it follows is stopped, and a new one takes a while to find its peer.
    private static async Task<IReadOnlyList<ResourceReference>> BringAsync(OperationContext context, ReplicationStatus replication, IReadOnlyList<ResourceReference> paused, CancellationToken cancellationToken)
    {
        for (var end = DateTime.UtcNow + context.Options.Timeout; ;)
        {
            // One that starts anew is paused as it was.
            paused = [.. (await OperationSyncthings.TryResumeAsync(context.Options, paused, cancellationToken)).Keys];
            if (await TryAsync(context, replication, end - DateTime.UtcNow, cancellationToken) is not { } failure)
            {
                return paused;
            }

            if (DateTime.UtcNow + Pause > end || replication.Method != "syncthing")
            {
                throw failure;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static async Task<HomelabException?> TryAsync(OperationContext context, ReplicationStatus replication, TimeSpan left, CancellationToken cancellationToken)
    {
        var (options, failed) = (context.Options, default(HomelabException));
        try
        {
            await foreach (var item in ReplicationStarter.StartAsync(options.Client, replication, new ReplicationStartOptions { Config = options.Config, Timeout = left }, options.Journal, cancellationToken))
            {
                failed = (item.Notice as FailureNotice)?.Error ?? failed;
                if (item.Notice is not (null or FailureNotice))
                {
                    context.Tell(item.Notice);
                }
            }
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            failed = error;
        }

        return failed;
    }
}
