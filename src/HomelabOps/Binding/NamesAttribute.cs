using System.Collections;
using System.ComponentModel;
using System.Management.Automation;

namespace HomelabOps.Binding;

/// <summary>Lets a parameter take objects as well as their names.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public abstract class NamesAttribute : ArgumentTransformationAttribute
{
    private protected NamesAttribute()
    {
    }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => Piped.Unwrap(inputData) switch
    {
        string name => name,

        // An array or any other list, such as the one that a script has filled.
        IEnumerable items => items.Cast<object>().Select(Name).ToArray(),
        _ => Name(inputData)!,
    };

    /// <summary>The name of an object; null where it is none that is meant.</summary>
    private protected abstract string? NameOf(object? item);

    private object? Name(object? item) => Piped.Unwrap(item) is var bare && NameOf(bare) is { } name ? name : bare;
}
