using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;
using HomelabOps.Sandbox.Controllers.VolSync.Syncthing;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>What the containers of movers do: how long, with which end, and what they log.</summary>
internal sealed class MoverBehavior(ReplicationWorld world) : IContainerBehavior
{
    public bool TryGet(JsonObject pod, string container, [NotNullWhen(true)] out ContainerBehavior? behavior)
    {
        behavior = VolSyncNames.IsVolSyncs(pod)
            ? Of(pod, container, Items(pod, "spec.containers").FirstOrDefault(item => Text(item, "name") == container))
            : null;
        return behavior is not null;
    }

    private ContainerBehavior? Of(JsonObject pod, string container, JsonObject? spec)
    {
        var job = JobOf(pod);
        var source = new ObjectName(Text(pod, "metadata.namespace"), container == "syncthing" ? VolSyncNames.SyncthingSourceOf(pod) ?? "" : OwnerOf(job));
        var fault = world.FaultOf(source);
        var isPrivileged = Items(spec, "env").Any(variable => Text(variable, "name") == "PRIVILEGED_MOVER" && Text(variable, "value") == "1");
        var arguments = string.Join(' ', (spec?["args"] as JsonArray ?? []).Select(argument => (string?)argument));
        return container switch
        {
            "syncthing" => new(TimeSpan.Zero, null, "Running", Syncthing(source, fault == MoverFault.PermissionDenied && !isPrivileged)),
            "restic" or "rclone" or "rsync" or "rsync-tls" => fault switch
            {
                MoverFault.Hangs => new(world.MoverDuration, null, "Running", Lines(container, job, arguments, MoverFault.None)[..2]),
                MoverFault.PermissionDenied when isPrivileged => Success(pod, container, spec, arguments),
                MoverFault.ResticLock when container != "restic" || arguments.Contains("unlock", StringComparison.Ordinal) => Success(pod, container, spec, arguments),
                MoverFault.None => Success(pod, container, spec, arguments),
                _ => new(TimeSpan.FromSeconds(5), container == "restic" ? 11 : container == "rclone" ? 1 : 23, "Error", Lines(container, job, arguments, fault)),
            },
            _ => null,
        };
    }

    /// <summary>The name of the ReplicationSource or -Destination whose Job a pod belongs to; null for pods of no mover's Job.</summary>
    public static string? SourceOf(JsonObject pod) => VolSyncNames.IsVolSyncs(pod) && JobOf(pod) is { Length: > 0 } job ? OwnerOf(job) : null;

    private static string JobOf(JsonObject pod) => (string?)pod["metadata"]?["labels"]?["job-name"] ?? "";

    // An rsync takes as long as the others from when both ends are there, and a destination that nobody calls waits.
    private ContainerBehavior Success(JsonObject pod, string container, JsonObject? spec, string arguments)
    {
        var job = JobOf(pod);
        var behavior = new ContainerBehavior(world.MoverDuration, 0, "Completed", Lines(container, job, arguments, MoverFault.None));
        if (container is not ("rsync" or "rsync-tls"))
        {
            return behavior;
        }

        if (IsDestination(job))
        {
            var destination = new ObjectName(Text(pod, "metadata.namespace"), job);
            return behavior with { Begins = () => world.Rsync.Listen(destination, pod), LinesBefore = 2 };
        }

        var address = Items(spec, "env").Where(variable => Text(variable, "name") == "DESTINATION_ADDRESS").Select(variable => Text(variable, "value")).FirstOrDefault("");
        return behavior with { Begins = () => world.Rsync.Connect(address, pod), LinesBefore = 1 };
    }

    private static bool IsDestination(string job) => job.StartsWith("volsync-rsync-dst-", StringComparison.Ordinal) || job.StartsWith("volsync-rsync-tls-dst-", StringComparison.Ordinal);

    private static string OwnerOf(string job)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["volsync-rsync-tls-", "volsync-rsync-", "volsync-rclone-", "volsync-"])
        {
            if (job.StartsWith(prefix, StringComparison.Ordinal) && job.Length > prefix.Length + 4 && job[prefix.Length..] is ['s', 'r', 'c', '-', ..] or ['d', 's', 't', '-', ..])
            {
                return job[(prefix.Length + 4)..];
            }
        }

        return job;
    }

    private string[] Syncthing(ObjectName source, bool isRefused)
    {
        var id = world.Syncthing.IdOf(source);
        return
        [
            .. isRefused ? ["chown: changing ownership of '/data': Operation not permitted", "chown: /data: operation not permitted"] : Array.Empty<string>(),
            $"[start] INFO: syncthing {SyncthingVersion.Name} \"{SyncthingVersion.Codename}\"",
            $"[{id[..5]}] INFO: My ID: {id}",
            $"[{id[..5]}] INFO: TCP listener ([::]:{SyncthingPlace.DataPort}) starting",
            $"[{id[..5]}] INFO: GUI and API listening on [::]:{SyncthingMover.ApiPort}",
        ];
    }

    private string[] Lines(string container, string job, string arguments, MoverFault fault)
    {
        var seconds = (int)world.MoverDuration.TotalSeconds;
        var bytes = 4_000_000 + AppFiles.Pick(world.Seed, job, 1, 0, 60_000_000);
        var snapshot = AppFiles.Hash(world.Seed, job, 2).ToString("x16", System.Globalization.CultureInfo.InvariantCulture)[..8];
        return (container, fault) switch
        {
            ("restic", MoverFault.ResticLock) =>
            [
                "Starting container", arguments, "Testing mandatory env variables", "=== Starting backup ===", "repository 5f0c4cd6 opened (version 2, compression level auto)",
                "unable to create lock in backend: repository is already locked by PID 61 on volsync-src by root (UID 0, GID 0)", "lock was created at 2025-01-11 03:00:12 (26h12m ago)",
                "the `unlock` command can be used to remove stale locks", "Fatal: unable to create lock in backend: repository is already locked",
            ],
            ("restic", MoverFault.PermissionDenied) => ["Starting container", arguments, "=== Starting backup ===", "error: open /data/config.xml: permission denied", "chown /data: operation not permitted", "Fatal: unable to save snapshot: all source directories/files do not exist"],
            ("restic", MoverFault.Unreachable) => ["Starting container", arguments, "=== Starting backup ===", "Fatal: unable to open repository: dial tcp: connect: connection refused"],
            ("restic", _) when arguments == "restore" => ["Starting container", arguments, "=== Starting restore ===", $"Selected restic snapshot with id: {snapshot}", $"restoring <Snapshot {snapshot} of [/data]> to .", $"Restic completed in {seconds}s", "=== Done ==="],
            ("restic", _) =>
            [
                "Starting container", arguments, .. arguments.Contains("unlock", StringComparison.Ordinal) ? ["=== Starting unlock ===", "successfully removed 1 locks"] : Array.Empty<string>(),
                "=== Starting backup ===", "repository 5f0c4cd6 opened (version 2, compression level auto)", $"processed 24 files, {Size(bytes)} in 0:0{seconds % 10}", $"snapshot {snapshot} saved",
                "=== Starting forget ===", $"Restic completed in {seconds}s", "=== Done ===",
            ],
            ("rclone", MoverFault.None) => [$"Transferred:   {Size(bytes)} / {Size(bytes)}, 100%, 12 MiB/s, ETA 0s", "Checks:                24 / 24, 100%", "Transferred:            7 / 7, 100%", $"Elapsed time:        {seconds}.0s", $"Rclone completed in {seconds}s"],
            ("rclone", MoverFault.PermissionDenied) => ["ERROR : config.xml: Failed to copy: open /data/config.xml: operation not permitted", "error: rclone failed"],
            ("rclone", _) => ["ERROR : Failed to create file system: dial tcp: connect: connection refused", "error: rclone failed"],
            (_, MoverFault.None) when IsDestination(job) => ["Starting stunnel...", "Waiting for control file to be created (/tmp/control/complete)...", "Shutting down...", "Sync complete, exiting."],
            (_, MoverFault.None) => ["Syncing data ...", $"sent {bytes} bytes  received 1,024 bytes  {bytes / Math.Max(1, seconds)}.00 bytes/sec", $"total size is {bytes * 4}  speedup is 4.00", $"rsync completed in {seconds}s"],
            (_, MoverFault.PermissionDenied) => ["rsync: [receiver] chown \"/data/.\" failed: Operation not permitted (1)", "chown: /data: operation not permitted", "rsync error: some files/attrs were not transferred (see previous errors) (code 23)", "Syncronization failed. Retrying in 2 seconds. Retry 5/5.", "Synchronization failed. rsync returned: 23"],
            _ => ["rsync: [sender] failed to connect to 127.0.0.1: Connection refused (111)", "rsync error: error in socket IO (code 10)", "Synchronization failed. rsync returned: 10"],
        };
    }

    private static string Size(long bytes) => Invariant($"{bytes / 1048576.0:0.000} MiB");
}
