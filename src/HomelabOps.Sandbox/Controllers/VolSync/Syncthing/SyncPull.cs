namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>An item that is on its way to a device.</summary>
/// <param name="Item">As the sender has it.</param>
/// <param name="From">Who sends it.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When all of it will be there.</param>
internal sealed record SyncPull(SyncItem Item, SyncthingDevice From, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Bytes that have arrived.</summary>
    public long Done(DateTimeOffset now) => End <= Start ? Item.Bytes : (long)(Item.Bytes * Math.Clamp((now - Start) / (End - Start), 0, 1));
}
