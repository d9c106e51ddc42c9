using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets;

/// <summary>Base of the cmdlets that read objects by name.</summary>
public abstract class ObjectCmdlet : ClusterCmdlet
{
    private protected const string ByName = "Name";
    private protected const string ByRecord = "InputObject";

    /// <summary>Names of objects: <c>name</c>, <c>namespace/name</c>, <c>Kind/name</c>, <c>Kind/namespace/name</c> or references, with wildcards.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>A record or reference: of the same kind to read it again, or of one that leads to such objects.</summary>
    [Parameter(ParameterSetName = ByRecord, Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    private protected virtual ObjectQuery Objects => new() { Names = Name };

    /// <summary>The object that came by pipe; null when none came, or it is none of ours.</summary>
    private protected ResourceReference? Input => Piped.Reference(InputObject);

    /// <summary>Names what the piped objects lead to; null, with a warning, when it is nothing, so that a mixed pipe goes on.</summary>
    private protected ResourcePattern? LeadTo(Func<ResourceReference, ResourcePattern?> lead, string wanted)
    {
        var pattern = Input is { } reference ? lead(reference) : null;
        if (pattern is null)
        {
            WriteWarning(Messages.OtherRecord(Piped.Unwrap(InputObject)!, wanted));
        }

        return pattern;
    }
}
