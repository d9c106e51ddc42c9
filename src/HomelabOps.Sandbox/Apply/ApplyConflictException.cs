using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Apply;

/// <summary>Others own fields that a configuration would change.</summary>
internal sealed class ApplyConflictException(IReadOnlyList<(ManagerIdentity Manager, string Path)> conflicts) : ApplyException(409, Text(conflicts))
{
    /// <summary>The causes for the details of the Status.</summary>
    public JsonArray Causes => new([.. conflicts.Select(conflict => new JsonObject
    {
        ["reason"] = "FieldManagerConflict",
        ["message"] = $"conflict with {conflict.Manager}",
        ["field"] = conflict.Path,
    })]);

    private static string Text(IReadOnlyList<(ManagerIdentity Manager, string Path)> conflicts) => conflicts is [var only]
        ? $"Apply failed with 1 conflict: conflict with {only.Manager}: {only.Path}"
        : $"Apply failed with {conflicts.Count} conflicts: " + string.Join('\n', conflicts.GroupBy(conflict => conflict.Manager)
            .OrderBy(group => group.Key.Name, StringComparer.Ordinal)
            .Select(group => $"conflicts with {group.Key}:\n{string.Join('\n', group.Select(conflict => "- " + conflict.Path))}"));
}
