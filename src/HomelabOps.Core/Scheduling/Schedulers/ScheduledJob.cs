namespace HomelabOps.Core.Scheduling.Schedulers;

/// <summary>What is to be run.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Schedule">When.</param>
/// <param name="Command">Program and arguments, none of them secret.</param>
/// <param name="OfMachine">It belongs to the machine, and not to the user.</param>
internal sealed record ScheduledJob(string Name, CheckSchedule Schedule, IReadOnlyList<string> Command, bool OfMachine)
{
    /// <summary>File with the address of a webhook, which systemd hands over; null for none.</summary>
    public string? WebhookFile { get; init; }

    /// <summary>How the scheduler calls it.</summary>
    public string Unit => UnitOf(Name);

    /// <summary>How the scheduler calls the check of a name.</summary>
    public static string UnitOf(string name) => $"homelabops-check-{name}";
}
