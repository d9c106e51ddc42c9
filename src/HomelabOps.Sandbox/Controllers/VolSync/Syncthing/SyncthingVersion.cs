namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>Which Syncthing the movers have.</summary>
internal static class SyncthingVersion
{
    public const string Name = "v1.29.2";
    public const string Codename = "Gold Grasshopper";
    public const string Built = "2025-02-03T07:36:00Z";
    public const string Stamp = "1738568160";
}
