using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Jobs.Reuse;

/// <summary>What an answer depends on besides weights and parameters, in 128 bits.</summary>
internal static class AnswerKey
{
    /// <param name="imageSha256">Of the encoded image, lower-case hex.</param>
    /// <param name="promptHash">Of caption and questions, as the image was asked them.</param>
    public static UInt128 Of(string imageSha256, string promptHash) =>
        BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{imageSha256} {promptHash}")));
}
