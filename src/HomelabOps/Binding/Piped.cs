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
        FluxLogLine line => line.Reference,
        HomelabFinding { Target: { } target } => target,
        _ => input is PSObject item ? RawObjects.Reference(item) : null,
    };

    /// <summary>As <see cref="Reference"/>; an event stands for what it is about.</summary>
    public static ResourceReference? Subject(object? input) => Unwrap(input) is HomelabEvent { Target: { } target } ? target : Reference(input);

    /// <summary>What was piped as text, read as if it had been typed, a change of the repository for the application that it is about; null for all else.</summary>
    /// <exception cref="Core.HomelabException">NotAReference: the text names no object.</exception>
    public static ResourcePattern? Typed(object? input)
    {
        try
        {
            return Unwrap(input) switch
            {
                string text => new ResourcePattern(text),
                ResourcePattern pattern => pattern,
                GitOpsChange { App: { Length: > 0 } app } => new ResourcePattern(app),
                _ => null,
            };
        }
        catch (ArgumentException)
        {
            throw Core.Errors.NotAReference(Unwrap(input));
        }
    }

    public static object? Unwrap(object? input) => input is PSObject wrapped ? wrapped.BaseObject : input;
}
