using System.Text.Json.Serialization.Metadata;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Diagnosis.Snapshot;

/// <content>How each kind is read, and what is told where it cannot be.</content>
internal sealed partial class SnapshotReader
{
    private async Task<IReadOnlySet<(string, string)>?> NamesAsync(ResourceType type, CancellationToken stop) =>
        (await ListAsync(type, WireContext.Default.PartialObjectWire, stop, accept: NameReader.MetadataOnly))?.Select(item => (item.Metadata.Namespace ?? "", item.Metadata.Name)).ToHashSet();

    private async Task<T?> TryAsync<T>(string what, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            Failed(what, error);
            return default;
        }
    }

    private async Task<List<T>?> ListAsync<T>(ResourceType type, JsonTypeInfo<T> json, CancellationToken stop, string? @namespace = null, string accept = "application/json")
        where T : ObjectWire
    {
        var items = new List<T>();
        try
        {
            await foreach (var item in client.ListAsync(type, new ListQuery { Namespace = @namespace }, json, accept: accept, cancellationToken: stop))
            {
                items.Add(item);
            }

            return items;
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            Refused(type);
            return null;
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            Failed(type.QualifiedName, error);
            return null;
        }
    }

    // A kind that not every homelab has. Where even that cannot be asked, others tell why.
    private async Task<List<T>?> ListServedAsync<T>(string group, string kind, JsonTypeInfo<T> json, CancellationToken stop)
        where T : ObjectWire
    {
        try
        {
            var types = await client.Discovery.ResourcesAsync([group], stop);
            return types.FirstOrDefault(served => served.Kind == kind) is { } served ? await ListAsync(served.Type, json, stop) : [];
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            Unread($"{kind}.{group}");
            return null;
        }
    }

    private async Task<IReadOnlySet<string>?> GroupsAsync(string kind, string[] groups, CancellationToken stop)
    {
        try
        {
            return (await client.Discovery.ResourcesAsync(groups, stop)).Where(served => served.Kind == kind).Select(served => served.Type.Group).ToHashSet(StringComparer.Ordinal);
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            // Whoever lists them has told it.
            return null;
        }
    }

    // What a part of the homelab does not have is no finding, and what it does not tell is told.
    private async Task<List<T>?> CollectAsync<T>(IAsyncEnumerable<Streamed<T>> reading, string? isAbsent, bool isDear = false)
    {
        var items = new List<T>();
        try
        {
            await foreach (var item in reading)
            {
                if (item.Notice is null)
                {
                    items.Add(item.Value!);
                }
                else
                {
                    _notices.Add(item.Notice);
                    if (item.Notice is FailureNotice failure)
                    {
                        Unread($"{typeof(T).Name} {failure.Error.Id} {failure.Error.Message}", isDear);
                    }
                }
            }

            return items;
        }
        catch (HomelabException error) when (error.Id == isAbsent)
        {
            return items;
        }
        catch (HomelabException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            _notices.Add(new WarningNotice(error.Message));
            Unread(typeof(T).Name, isDear);
            return null;
        }
        catch (HomelabException error) when (error.Kind != ErrorKind.AuthenticationError)
        {
            Failed(typeof(T).Name, error, isDear);
            return null;
        }
    }
}
