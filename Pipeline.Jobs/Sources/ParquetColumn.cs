using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Pipeline.Jobs.Sources;

/// <summary>Reads one flat column of a row group as text.</summary>
internal static class ParquetColumn
{
    /// <summary>The top-level columns that can be read as text, by their names.</summary>
    public static IReadOnlyDictionary<string, DataField> Texts(ParquetSchema schema) => schema.Fields
        .OfType<DataField>()
        .Where(field => !field.IsArray && IsText(field.ClrType))
        .ToDictionary(field => field.Name);

    public static async Task<string?[]> ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken)
    {
        if (field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[group.RowCount];
            await group.ReadAsync(field, texts.AsMemory()!, null, cancellationToken);
            return texts;
        }

        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Boolean => await ReadAsync<bool>(group, field, cancellationToken),
            TypeCode.Byte => await ReadAsync<byte>(group, field, cancellationToken),
            TypeCode.SByte => await ReadAsync<sbyte>(group, field, cancellationToken),
            TypeCode.Int16 => await ReadAsync<short>(group, field, cancellationToken),
            TypeCode.UInt16 => await ReadAsync<ushort>(group, field, cancellationToken),
            TypeCode.Int32 => await ReadAsync<int>(group, field, cancellationToken),
            TypeCode.UInt32 => await ReadAsync<uint>(group, field, cancellationToken),
            TypeCode.Int64 => await ReadAsync<long>(group, field, cancellationToken),
            TypeCode.UInt64 => await ReadAsync<ulong>(group, field, cancellationToken),
            TypeCode.Single => await ReadAsync<float>(group, field, cancellationToken),
            _ => await ReadAsync<double>(group, field, cancellationToken),
        };
    }

    private static bool IsText(Type type) =>
        type == typeof(ReadOnlyMemory<char>) || Type.GetTypeCode(type) is TypeCode.Boolean or (>= TypeCode.SByte and <= TypeCode.Double);

    private static async Task<string?[]> ReadAsync<T>(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken)
        where T : struct, IConvertible
    {
        var values = new T?[group.RowCount];
        if (field.IsNullable)
        {
            await group.ReadAsync(field, values.AsMemory(), null, cancellationToken);
        }
        else
        {
            var all = new T[group.RowCount];
            await group.ReadAsync(field, all.AsMemory(), null, cancellationToken);
            values = [.. all.Select(value => (T?)value)];
        }

        return [.. values.Select(value => value?.ToString(CultureInfo.InvariantCulture))];
    }
}
