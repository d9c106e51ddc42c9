using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HomelabOps.Core.Kubernetes.Reading;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Tests.Fakes;

namespace HomelabOps.Core.Tests.Reading;

public sealed class ListPageTests
{
    private static readonly string[] Expected = ["a", "bé" + "ß\n\"]}", "中文"];
    private static readonly string[] Items = [FakeCluster.Item("a"), FakeCluster.Item("""b\u00e9ß\n\"]}"""), FakeCluster.Item("中文")];

    public static TheoryData<string> Bodies { get; } = [FakeCluster.List(Items, "next", "7"), FakeCluster.CustomList(Items, "next", "7")];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_may_be_split_into_two_between_any_bytes(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        for (var first = 1; first < bytes.Length; first++)
        {
            await CheckAsync(bytes, [first, bytes.Length]);
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_may_come_in_equal_pieces_of_any_size(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        for (var size = 1; size <= bytes.Length; size++)
        {
            await CheckAsync(bytes, [size]);
        }
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_body_may_come_in_pieces_of_mixed_sizes(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Prop.ForAll<PositiveInt[]>(sizes => CheckAsync(bytes, [.. sizes.Select(size => size.Get), 1]).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_ends_anywhere_too_early_is_an_early_end_and_never_nonsense(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.TrimEnd());
        for (var length = 0; length < bytes.Length; length++)
        {
            await Assert.ThrowsAsync<EndOfStreamException>(() => ReadAsync(bytes[..length], [5000]));
        }
    }

    private static async Task CheckAsync(byte[] bytes, int[] sizes)
    {
        var (names, metadata) = await ReadAsync(bytes, sizes);
        Assert.Equal(Expected, names);
        Assert.Equal(("next", "7"), (metadata.Continue, metadata.ResourceVersion));
    }

    private static async Task<(List<string> Names, ListMetadataWire Metadata)> ReadAsync(byte[] bytes, int[] sizes)
    {
        using var page = new ListPage<PodWire>(new PieceStream(bytes, sizes), WireContext.Default.PodWire, TimeSpan.FromSeconds(20));
        await page.ReadHeadAsync(CancellationToken.None);
        var batch = new List<PodWire>();
        var names = new List<string>();
        while (await page.ReadAsync(batch, CancellationToken.None))
        {
            names.AddRange(batch.Select(pod => pod.Metadata.Name));
            batch.Clear();
        }

        return (names, page.Metadata!);
    }

    /// <summary>Gives its content in pieces of the given sizes, of which the last repeats.</summary>
    private sealed class PieceStream(byte[] content, int[] sizes) : MemoryStream(content)
    {
        private int _piece;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var size = sizes[Math.Min(_piece++, sizes.Length - 1)];
            return base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
        }
    }
}
