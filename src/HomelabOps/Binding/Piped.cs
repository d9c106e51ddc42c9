using System.Management.Automation;
using HomelabOps.Rendering;

namespace HomelabOps.Binding;

/// <summary>What came by pipe: records, references, log lines and whole objects all lead to an object of a cluster.</summary>
internal static class Piped
{
    /// <summary>The object that is meant; null when the input leads to none.</summary>
    public static ResourceReference? Reference(object? input) => Unwrap(input) switch
    {
        HomelabRecord record => record.Reference,
        ResourceReference reference => reference,
        HomelabLogLine line => line.Reference,
        _ => input is PSObject item ? RawObjects.Reference(item) : null,
    };

    public static object? Unwrap(object? input) => input is PSObject wrapped ? wrapped.BaseObject : input;
}
