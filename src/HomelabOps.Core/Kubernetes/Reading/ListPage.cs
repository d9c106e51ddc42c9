using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Reading;

/// <summary>
/// Reads one page of a list from a response while it arrives, item by item. The memory in use is that of the largest
/// item, never that of the list.
/// </summary>
/// <param name="body">The response's body.</param>
/// <param name="itemType">How an item is read.</param>
/// <param name="silence">How long the server may send nothing in the middle of the page.</param>
internal sealed class ListPage<T>(Stream body, JsonTypeInfo<T> itemType, TimeSpan silence) : IDisposable
{
    private const int InitialBuffer = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int _start;
    private int _end;
    private Position _position = Position.BeforeItems;
    private JsonReaderState _state;

    private enum Position
    {
        BeforeItems,
        InItems,
        AfterItems,
        Done,
    }

    /// <summary>
    /// The list's own metadata; null until it has been read. The API server writes it before the items of its own types and
    /// behind those of custom resources.
    /// </summary>
    public ListMetadataWire? Metadata { get; private set; }

    /// <summary>Reads up to the first item.</summary>
    public async ValueTask ReadHeadAsync(CancellationToken cancellationToken)
    {
        while (_position == Position.BeforeItems && !Advance(null))
        {
            await FillAsync(cancellationToken);
        }
    }

    /// <summary>Adds the items that have arrived to <paramref name="batch"/>. False when the page has ended.</summary>
    /// <exception cref="EndOfStreamException">The body ended in the middle.</exception>
    public async ValueTask<bool> ReadAsync(List<T> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            var finished = Advance(batch);
            if (batch.Count > 0)
            {
                return true;
            }

            if (finished)
            {
                return false;
            }

            await FillAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        body.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var read = await ReadBodyAsync(cancellationToken);
        _end += read > 0 ? read : throw new EndOfStreamException("The list ended in the middle.");
    }

    private async ValueTask<int> ReadBodyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(silence);
        try
        {
            return await body.ReadAsync(_buffer.AsMemory(_end), limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EndOfStreamException($"Nothing came for {silence.TotalSeconds} seconds in the middle of the list.", late);
        }
    }

    // Parses what is in the buffer. True when the goal is reached: the head is read (batch is null) or the page has ended.
    private bool Advance(List<T>? batch)
    {
        var span = _buffer.AsSpan(_start, _end - _start);

        // Never told to be the final block: that the text ends too early is seen at the stream, and is no error in the text.
        var reader = new Utf8JsonReader(span, isFinalBlock: false, _state);
        var reached = _position switch
        {
            Position.BeforeItems => ReadHead(ref reader, batch, span),
            Position.InItems => ReadItems(ref reader, batch, span),
            Position.AfterItems => ReadTail(ref reader, span),
            _ => true,
        };
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return reached;
    }

    private bool ReadHead(ref Utf8JsonReader reader, List<T>? batch, ReadOnlySpan<byte> span)
    {
        while (true)
        {
            var before = reader;
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0)
            {
                _position = Position.Done;
                return true;
            }

            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    throw new JsonException("A list is an object.");
                }

                continue;
            }

            if (!reader.ValueTextEquals("items"u8))
            {
                if (!TryReadField(ref reader, span))
                {
                    reader = before;
                    return false;
                }

                continue;
            }

            if (!reader.Read())
            {
                reader = before;
                return false;
            }

            if (reader.TokenType == JsonTokenType.StartArray)
            {
                _position = Position.InItems;
                return batch is null || ReadItems(ref reader, batch, span);
            }

            // "items": null is what Go writes for a nil slice.
            if (reader.TokenType != JsonTokenType.Null)
            {
                throw new JsonException("The items of a list are an array.");
            }
        }
    }

    private bool ReadItems(ref Utf8JsonReader reader, List<T>? batch, ReadOnlySpan<byte> span)
    {
        while (batch is not null)
        {
            var before = reader;
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType == JsonTokenType.EndArray)
            {
                _position = Position.AfterItems;
                return ReadTail(ref reader, span);
            }

            var start = (int)reader.TokenStartIndex;
            if (!reader.TrySkip())
            {
                reader = before;
                return false;
            }

            if (JsonSerializer.Deserialize(span[start..(int)reader.BytesConsumed], itemType) is { } item)
            {
                batch.Add(item);
            }
        }

        return false;
    }

    private bool ReadTail(ref Utf8JsonReader reader, ReadOnlySpan<byte> span)
    {
        while (true)
        {
            var before = reader;
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0)
            {
                _position = Position.Done;
                return true;
            }

            if (reader.TokenType == JsonTokenType.PropertyName && !TryReadField(ref reader, span))
            {
                reader = before;
                return false;
            }
        }
    }

    // Keeps the metadata and passes over everything else. False when the value has not arrived in full.
    private bool TryReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> span)
    {
        var isMetadata = reader.ValueTextEquals("metadata"u8);
        if (!reader.Read())
        {
            return false;
        }

        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return false;
        }

        if (isMetadata)
        {
            Metadata = JsonSerializer.Deserialize(span[start..(int)reader.BytesConsumed], WireContext.Default.ListMetadataWire);
        }

        return true;
    }
}
