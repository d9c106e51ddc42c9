using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>The ControllerRevisions of an owner.</summary>
/// <param name="Present">That of its present template.</param>
/// <param name="All">All of them, the oldest first.</param>
/// <param name="Collisions">How often the hash of a template met another's name.</param>
internal sealed record KnownRevisions(JsonObject Present, IReadOnlyList<JsonObject> All, long Collisions);
