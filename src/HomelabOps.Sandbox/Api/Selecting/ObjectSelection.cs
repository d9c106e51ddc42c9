using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Selecting;

/// <summary>Which objects of a collection a request is about.</summary>
internal sealed record ObjectSelection(string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public bool IsEverything => Labels.IsEverything && Fields.IsEverything;

    public static ObjectSelection Of(RequestTarget target, RequestQuery query, ResourceKind stored)
    {
        var fields = query["fieldSelector"];
        if (target.Name is not null)
        {
            // A watch of one object by its path.
            fields = fields is null ? $"metadata.name={target.Name}" : $"{fields},metadata.name={target.Name}";
        }

        return new(target.Namespace, LabelSelector.Parse(query["labelSelector"]), FieldSelector.Parse(fields, stored));
    }

    public bool Matches(StoredObject item) => (Namespace is null || item.Key.Namespace == Namespace) && Labels.Matches(item.Labels) && Fields.Matches(item);
}
