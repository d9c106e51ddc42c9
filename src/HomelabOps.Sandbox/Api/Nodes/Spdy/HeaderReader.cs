using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace HomelabOps.Sandbox.Api.Nodes.Spdy;

/// <summary>Reads the headers of frames. Those of all frames of a connection are one zlib stream, so each must be read, and in its order.</summary>
internal sealed class HeaderReader : IDisposable
{
    private const int ZlibHeadLength = 6;
    private const int MostPairs = 100;
    private const int LongestText = 16 * 1024;
    private readonly FeedStream _feed = new();
    private readonly DeflateStream _inflater;
    private bool _begun;

    public HeaderReader()
    {
        // .NET cannot be given a dictionary, but what a stream began with is one: the dictionary goes first, as a block that is not compressed.
        _inflater = new DeflateStream(_feed, CompressionMode.Decompress);
        _feed.Add(StoredBlock.Of(HeaderDictionary.Bytes.Span));
    }

    /// <summary>The headers of one frame by their lower-case names.</summary>
    /// <exception cref="InvalidDataException">It is no such block.</exception>
    public Dictionary<string, string> Read(ReadOnlySpan<byte> block)
    {
        _feed.Add(_begun ? block.ToArray() : WithoutZlibHead(block));
        if (!_begun)
        {
            _begun = true;
            _inflater.ReadExactly(new byte[HeaderDictionary.Bytes.Length]);
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var count = ReadNumber(MostPairs);
        for (var index = 0; index < count; index++)
        {
            var name = ReadText();
            headers[name] = ReadText();
        }

        return headers;
    }

    public void Dispose()
    {
        _inflater.Dispose();
        _feed.Dispose();
    }

    private static byte[] WithoutZlibHead(ReadOnlySpan<byte> block) => block.Length >= ZlibHeadLength && BinaryPrimitives.ReadUInt32BigEndian(block[2..]) == HeaderDictionary.Checksum
        ? block[ZlibHeadLength..].ToArray()
        : throw new InvalidDataException("the headers are not compressed with SPDY's dictionary");

    private string ReadText()
    {
        var text = new byte[ReadNumber(LongestText)];
        _inflater.ReadExactly(text);
        return Encoding.UTF8.GetString(text);
    }

    private int ReadNumber(int limit)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        _inflater.ReadExactly(bytes);
        var number = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return number <= limit ? (int)number : throw new InvalidDataException($"{number} is too much in a header");
    }

    /// <summary>Gives what was added, and never an end: who reads beyond it reads a broken block.</summary>
    private sealed class FeedStream : Stream
    {
        private readonly Queue<byte[]> _parts = new();
        private int _taken;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Add(byte[] part)
        {
            if (part.Length > 0)
            {
                _parts.Enqueue(part);
            }
        }

        public override int Read(Span<byte> buffer)
        {
            if (!_parts.TryPeek(out var part))
            {
                throw new InvalidDataException("the headers are cut off");
            }

            var count = Math.Min(buffer.Length, part.Length - _taken);
            part.AsSpan(_taken, count).CopyTo(buffer);
            _taken += count;
            if (_taken == part.Length)
            {
                _parts.Dequeue();
                _taken = 0;
            }

            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            // Nothing is written.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
