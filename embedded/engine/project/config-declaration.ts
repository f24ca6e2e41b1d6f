import { z } from 'zod';

export const configTypes = ['string', 'integer', 'boolean', 'array', 'object'] as const;
export type ConfigType = (typeof configTypes)[number];

export interface ItemType {
  type: ConfigType;
  items?: ItemType | undefined;
}

const itemType: z.ZodType<ItemType> = z.lazy(() => z.object({ type: z.enum(configTypes), items: itemType.optional() }));

/** `config.<key>` of Pulumi.yaml, written out: what stacks may set, and what holds where they don't. */
export const configDeclaration = z.object({
  type: z.enum(configTypes).optional(),
  description: z.string().optional(),
  items: itemType.optional(),
  default: z.unknown().optional(),
  value: z.unknown().optional(),
  secret: z.boolean().default(false),
});
export type ConfigDeclaration = z.infer<typeof configDeclaration>;

/** The declaration, or the short form that is only a value. */
export const configDeclarationOrValue = z.preprocess(
  (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { default: value }),
  configDeclaration,
);

/** What holds where a stack sets nothing; undefined: the stack must set it. */
export const declaredValue = ({ default: byDefault, value }: ConfigDeclaration): unknown => byDefault ?? value;

export function hasType(value: unknown, type: ConfigType, items?: ItemType): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value) || (typeof value === 'string' && /^[+-]?\d+$/.test(value));
    case 'boolean':
      return typeof value === 'boolean' || value === 'true' || value === 'false';
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return (
        Array.isArray(value) && items !== undefined && value.every((item) => hasType(item, items.type, items.items))
      );
  }
}

/** As the type is called in messages: `array<string>`. */
export function typeName(type: ConfigType, items?: ItemType): string {
  return type === 'array' && items ? `array<${typeName(items.type, items.items)}>` : type;
}
