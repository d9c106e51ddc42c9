namespace HomelabOps.Sandbox.Store;

/// <summary>What a write did to one object.</summary>
/// <param name="Revision">Revision of the write.</param>
/// <param name="Before">The state before it, or null when it was created.</param>
/// <param name="After">The state after it; of a deletion the last state, with the deletion's revision.</param>
/// <param name="Deleted">Whether it is gone.</param>
/// <param name="Time">When it was written.</param>
internal sealed record StoreEvent(long Revision, StoredObject? Before, StoredObject After, bool Deleted, DateTimeOffset Time)
{
    private readonly Lock _encoding = new();
    private (byte[] Head, byte[] Frame)? _frame;

    public string Type => Deleted ? "DELETED" : Before is null ? "ADDED" : "MODIFIED";

    /// <summary>The watch frame of the event. A thousand watches of one collection share one copy.</summary>
    public byte[] Frame(byte[] head)
    {
        lock (_encoding)
        {
            if (_frame is { } known && ReferenceEquals(known.Head, head))
            {
                return known.Frame;
            }

            var frame = WatchFrame.Encode(Type, head, After.Json);
            _frame = (head, frame);
            return frame;
        }
    }
}
