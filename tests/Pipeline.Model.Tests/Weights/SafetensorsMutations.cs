using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pipeline.Model.Tests.Weights;

/// <summary>Damaged safetensors files: at random, and with headers that parse but lie.</summary>
internal static partial class SafetensorsMutations
{
    private const string Header =
        """
        {"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]},
        "b":{"dtype":"BF16","shape":[5],"data_offsets":[48,58]},"e":{"dtype":"F16","shape":[0,7],"data_offsets":[58,58]},
        "s":{"dtype":"I64","shape":[],"data_offsets":[58,66]}}
        """;

    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\"a.weight\"", "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},", "\\ud800",
        "null", "true", "1e9", "-0", "1.0", "\"F64\"", "\"U8\"", "\"C64\"", "é",
    ];

    public static byte[] Original { get; } = File(Header);

    public static byte[] Mutate(Random random) => random.Next(3) switch
    {
        0 => Mutations.Damage(Original, random),
        1 => File(Numbers().Replace(Header, number => random.Next(10) == 0 ? Mutations.InterestingNumber(random).ToString(CultureInfo.InvariantCulture) : number.Value)),
        _ => File(Edited(random)),
    };

    /// <summary>Pieces of JSON put in, doubled or taken out.</summary>
    private static string Edited(Random random)
    {
        string header = Header;
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(header.Length), length = Math.Min(random.Next(1, 80), header.Length - at);
            header = random.Next(3) switch
            {
                0 => header.Insert(at, s_pieces[random.Next(s_pieces.Length)]),
                1 => header.Insert(at, header.Substring(at, length)),
                _ => header.Length > length ? header.Remove(at, length) : header,
            };
        }

        return header;
    }

    private static byte[] File(string header)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[66]];
    }

    [GeneratedRegex("(?<=[\\[,])[0-9]+")]
    private static partial Regex Numbers();
}
