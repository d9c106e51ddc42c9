using System.Diagnostics;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Waits until the data is at home, by the figures of the Syncthings there, while the applications run on where they are.</summary>
internal sealed class SeedStep : IOperationStep
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public string Name => "Seed";

    public StepRepetition Repetition => StepRepetition.UntilCommitted;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var (options, record) = (context.Options, context.Record);
        var sources = record.References(options.Client.Name, app => app.Revived);
        if (sources.Count == 0)
        {
            return Errors.Text("Detail_StepCatchUpNone");
        }

        // As long as something arrives it may take as long as it likes.
        var (pace, still, least) = (new TransferPace(TimeProvider.System), Stopwatch.StartNew(), long.MaxValue);
        while (true)
        {
            var found = await OperationSyncthings.ReadAsync(options, sources, cancellationToken);
            if (found.Count >= sources.Count && found.TrueForAll(status => status.InSync))
            {
                return Errors.Text("Detail_StepCaughtUp", string.Join(", ", sources));
            }

            foreach (var paused in found.Where(status => status.State == SyncthingState.Paused).Select(status => status.Reference).Distinct())
            {
                // Only until now, by the failover.
                await SyncthingPause.SetAsync(options.Client, paused, paused: false, options.Config, cancellationToken);
            }

            foreach (var stale in found.Where(status => status.StaleAddress.Length > 0).Select(status => status.Reference).Distinct())
            {
                // What Git says by now VolSync keeps from one that knew the other side before.
                await SyncthingAddresses.AlignAsync(options.Client, stale, null, options.Config, cancellationToken);
            }

            var left = found.Sum(status => status.NeedBytes ?? 0);
            if (left < least && found.Exists(status => status.Connected))
            {
                least = left;
                still.Restart();
            }

            var said = string.Join(' ', found.Where(status => !status.InSync && status.Message.Length > 0).Select(status => $"{status.Reference}: {status.Message}"));
            if (still.Elapsed > options.Timeout)
            {
                throw Errors.FailbackStuck(string.Join(", ", sources), options.Timeout, left, said);
            }

            pace.Add(left);
            context.Tell(new ProgressNotice(Errors.Text("OperationRunning", record.Id), Errors.Text("Detail_SeedLeft", Display.Bytes(left), pace.Left is { } time ? Display.Duration(time) : "?"), IsDone: false));
            await Task.Delay(Glance, cancellationToken);
        }
    }
}
