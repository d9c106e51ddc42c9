using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.VolSync.Syncthing;

/// <summary>Something that happened, as <c>/rest/events</c> tells it.</summary>
internal sealed record SyncEvent(int Id, DateTimeOffset Time, string Type, JsonObject Data);
